// Who may call /admin/* and /oauth2/*: holders of the API key, and OAuth clients.
#ifndef RESCIND_HTTP_MACHINE_AUTH_H_
#define RESCIND_HTTP_MACHINE_AUTH_H_

#include <string>

#include "base/error.h"
#include "http/api_state.h"

namespace rescind {

// Cookies never count here. kMissingToken or kInvalidToken.
Result<void> check_admin(const ApiState& api, const Request& request);

// The caller of an OAuth route. `client_id` is empty for the API key, which sees every token; a client sees its own tokens and
// those that belong to no client.
struct MachineCaller {
  std::string client_id;
  bool may_see(std::string_view token_client_id) const {
    return client_id.empty() || token_client_id.empty() || token_client_id == client_id;
  }
};

// The API key as bearer, or HTTP Basic with form-encoded id and secret (RFC 6749 section 2.3.1). kInvalidCredentials.
Result<MachineCaller> authenticate_machine(const ApiState& api, const Request& request);

}  // namespace rescind

#endif  // RESCIND_HTTP_MACHINE_AUTH_H_
