#include "domain/api_scope.h"

namespace rescind {
namespace {

std::optional<ApiScopes> parse_name(std::string_view name) {
  if (name == ApiScopes::kAllName) return ApiScopes::all();
  for (int i = 0; i <= static_cast<int>(kLastApiScope); ++i) {
    const auto scope = static_cast<ApiScope>(i);
    if (name == to_string(scope)) return ApiScopes{scope};
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(ApiScope scope) {
  switch (scope) {
    case ApiScope::kUsersRead: return "users:read";
    case ApiScope::kUsersWrite: return "users:write";
    case ApiScope::kSessionsRead: return "sessions:read";
    case ApiScope::kSessionsWrite: return "sessions:write";
    case ApiScope::kRevocationsRead: return "revocations:read";
    case ApiScope::kRevocationsWrite: return "revocations:write";
    case ApiScope::kEventsRead: return "events:read";
    case ApiScope::kKeysWrite: return "keys:write";
    case ApiScope::kApiKeysRead: return "apikeys:read";
    case ApiScope::kApiKeysWrite: return "apikeys:write";
    case ApiScope::kTokensIntrospect: return "tokens:introspect";
    case ApiScope::kTokensRevoke: return "tokens:revoke";
  }
  return "";
}

std::optional<ApiScopes> ApiScopes::parse(std::span<const std::string> names) {
  ApiScopes scopes;
  for (const std::string& name : names) {
    const std::optional<ApiScopes> one = parse_name(name);
    if (!one) return std::nullopt;
    scopes.bits_ |= one->bits_;
  }
  return scopes;
}

ApiScopes ApiScopes::known_of(std::span<const std::string> names) {
  ApiScopes scopes;
  for (const std::string& name : names) scopes.bits_ |= parse_name(name).value_or(ApiScopes()).bits_;
  return scopes;
}

}  // namespace rescind
