#include "http/machine_auth.h"

#include <openssl/evp.h>

#include <optional>
#include <utility>
#include <vector>

#include "http/api_state.h"
#include "http/form.h"

namespace rescind {
namespace {

constexpr ApiScopes kScopesOfClients{ApiScope::kTokensIntrospect, ApiScope::kTokensRevoke};

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

Result<MachineCaller> authenticate_client(const ApiState& api, std::string_view credentials) {
  const std::optional<std::string> pair = decode_basic(credentials);
  if (!pair) return unknown_client();
  const std::size_t colon = pair->find(':');
  if (colon == std::string::npos) return unknown_client();
  const std::optional<std::string> id = percent_decode(std::string_view(*pair).substr(0, colon));
  const std::optional<std::string> decoded = percent_decode(std::string_view(*pair).substr(colon + 1));
  if (!id || !decoded) return unknown_client();
  const Secret secret(*decoded);
  for (const OAuthClient& client : api.config.clients) {
    if (client.id == *id && equal_in_constant_time(client.secret.reveal(), secret.reveal())) {
      return MachineCaller{kScopesOfClients, client.id, "client:" + client.id};
    }
  }
  return unknown_client();
}

Result<MachineCaller> authenticate_key(const ApiState& api, const Authorization& authorization) {
  if (authorization.state == AuthorizationState::kAbsent) {
    return fail(ErrorCode::kMissingToken, "an API key is needed, as \"Authorization: Bearer\"");
  }
  std::optional<ApiKeyHolder> holder;
  if (authorization.state == AuthorizationState::kBearer) holder = api.parts.api_keys.check(authorization.credentials);
  if (!holder) return fail(ErrorCode::kInvalidToken, "this is not an API key, or it was revoked");
  return MachineCaller{holder->scopes, {}, std::move(holder->name)};
}

}  // namespace

Result<MachineCaller> authenticate_machine(const ApiState& api, const Request& request, ApiScope needed) {
  const bool is_for_clients = kScopesOfClients.contains(needed);
  const Authorization authorization = find_authorization(request);
  const bool is_client = is_for_clients && authorization.state == AuthorizationState::kBasic;
  Result<MachineCaller> caller =
      is_client ? authenticate_client(api, authorization.credentials) : authenticate_key(api, authorization);
  if (!caller && is_for_clients) return unknown_client();
  if (caller && !caller->scopes.contains(needed)) {
    return fail(ErrorCode::kInsufficientScope, "the API key lacks the scope " + std::string(to_string(needed)));
  }
  return caller;
}

Actor actor_of(const ApiState& api, const Request& request, const MachineCaller& caller) {
  return {api.client_address.of(request), std::nullopt, caller.name};
}

}  // namespace rescind
