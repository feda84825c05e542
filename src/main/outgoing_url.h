// URLs that this server calls: of key sets and of webhooks.
#ifndef RESCIND_MAIN_OUTGOING_URL_H_
#define RESCIND_MAIN_OUTGOING_URL_H_

#include <string>
#include <string_view>

#include "main/settings.h"

namespace rescind {

// Absent where `text` is an https or http URL with a host, and without a user, a password and a fragment.
Problem outgoing_url_problem(const std::string& text);

// http:// on localhost, 127.0.0.1 or [::1], where no network is crossed. Precondition: there is no outgoing_url_problem().
bool is_http_on_localhost(std::string_view url);

}  // namespace rescind

#endif  // RESCIND_MAIN_OUTGOING_URL_H_
