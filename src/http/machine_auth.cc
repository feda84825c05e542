#include "http/machine_auth.h"

#include <openssl/evp.h>

#include <optional>
#include <vector>

#include "http/form.h"

namespace rescind {
namespace {

Unexpected<Error> unknown_client() { return fail(ErrorCode::kInvalidCredentials, "client authentication failed"); }

// Base64 with padding (RFC 7617); strict enough: the result is only ever compared.
std::optional<std::string> decode_basic(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 2048) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

}  // namespace

Result<void> check_admin(const ApiState& api, const Request& request) {
  const Authorization authorization = find_authorization(request);
  if (authorization.state == AuthorizationState::kAbsent) {
    return fail(ErrorCode::kMissingToken, "the API key is needed, as \"Authorization: Bearer\"");
  }
  if (authorization.state != AuthorizationState::kBearer ||
      !equal_in_constant_time(authorization.credentials, api.config.admin_key.reveal())) {
    return fail(ErrorCode::kInvalidToken, "this is not the API key");
  }
  return {};
}

Result<MachineCaller> authenticate_machine(const ApiState& api, const Request& request) {
  const Authorization authorization = find_authorization(request);
  if (authorization.state == AuthorizationState::kBearer) {
    if (!equal_in_constant_time(authorization.credentials, api.config.admin_key.reveal())) return unknown_client();
    return MachineCaller{};
  }
  if (authorization.state != AuthorizationState::kBasic) return unknown_client();
  const std::optional<std::string> pair = decode_basic(authorization.credentials);
  if (!pair) return unknown_client();
  const std::size_t colon = pair->find(':');
  if (colon == std::string::npos) return unknown_client();
  const std::optional<std::string> id = percent_decode(std::string_view(*pair).substr(0, colon));
  const std::optional<std::string> decoded = percent_decode(std::string_view(*pair).substr(colon + 1));
  if (!id || !decoded) return unknown_client();
  const Secret secret(*decoded);
  for (const OAuthClient& client : api.config.clients) {
    if (client.id == *id && equal_in_constant_time(client.secret.reveal(), secret.reveal())) return MachineCaller{client.id};
  }
  return unknown_client();
}

}  // namespace rescind
