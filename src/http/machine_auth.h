// Who may call /admin/* and /oauth2/*: holders of an API key with the scope that the route needs, and, for a token of their
// own, OAuth clients.
#ifndef RESCIND_HTTP_MACHINE_AUTH_H_
#define RESCIND_HTTP_MACHINE_AUTH_H_

#include <string>
#include <string_view>

#include "base/error.h"
#include "domain/api_scope.h"
#include "http/api.h"
#include "http/message.h"

namespace rescind {

// `client_id` is empty for an API key, which sees every token; a client sees its own tokens and those that belong to no client.
struct MachineCaller {
  ApiScopes scopes;
  std::string client_id;
  std::string name;  // in events: see Actor
  bool may_see(std::string_view token_client_id) const {
    return client_id.empty() || token_client_id.empty() || token_client_id == client_id;
  }
};

// The API key as bearer; where `needed` is tokens:introspect or tokens:revoke also HTTP Basic with a client's form-encoded id
// and secret (RFC 6749 section 2.3.1), and then whatever is no good credential is kInvalidCredentials. Elsewhere kMissingToken
// or kInvalidToken. kInsufficientScope for a good key without `needed`. Cookies never count here.
Result<MachineCaller> authenticate_machine(const Api::State& api, const Request& request, ApiScope needed);

// Who asked, for the events of what `caller` does.
Actor actor_of(const Api::State& api, const Request& request, const MachineCaller& caller);

}  // namespace rescind

#endif  // RESCIND_HTTP_MACHINE_AUTH_H_
