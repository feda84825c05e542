// Which server the command line works on, and with which key.
#ifndef RESCIND_MAIN_SERVER_ACCESS_H_
#define RESCIND_MAIN_SERVER_ACCESS_H_

#include <string>
#include <vector>

#include "cli/admin_client.h"
#include "cli/verbs.h"
#include "main/config.h"

namespace rescind {

// The URL: --server, RESCIND_SERVER, or where the configured server listens. The key: --key-file, RESCIND_API_KEY,
// RESCIND_ADMIN_KEY, or admin.key of the configured data directory. That last one is only for the configured server: a URL
// that somebody was talked into must not be sent the key that happens to lie here. Nor is any key sent in the clear to
// another machine, unless the flags allow it.
//
// kUsage, with a message that says what to give, where one of the two is not to be had.
CommandResult<ServerAccess> find_server_access(const VerbFlags& flags, const std::vector<NamedText>& variables);

// Where a server with this configuration is reached from its own machine. With a certificate that is the public URL, whose name
// the certificate has.
std::string local_url(const ServerConfig& server);

}  // namespace rescind

#endif  // RESCIND_MAIN_SERVER_ACCESS_H_
