// What an API key may do: a closed set of scopes. Each route of /admin and /oauth2 names the one that it needs.
#ifndef RESCIND_DOMAIN_API_SCOPE_H_
#define RESCIND_DOMAIN_API_SCOPE_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rescind {

enum class ApiScope : std::uint8_t {
  kUsersRead,
  kUsersWrite,
  kSessionsRead,
  kSessionsWrite,
  kRevocationsRead,
  kRevocationsWrite,
  kEventsRead,
  kKeysWrite,
  kApiKeysRead,
  kApiKeysWrite,
  kTokensIntrospect,
  kTokensRevoke,
};
inline constexpr ApiScope kLastApiScope = ApiScope::kTokensRevoke;

// "users:read", "users:write", …
std::string_view to_string(ApiScope scope);

class ApiScopes {
 public:
  constexpr ApiScopes() = default;
  constexpr ApiScopes(std::initializer_list<ApiScope> scopes) {
    for (const ApiScope scope : scopes) bits_ |= bit(scope);
  }
  static constexpr ApiScopes all() {
    ApiScopes scopes;
    scopes.bits_ = bit(kLastApiScope) * 2 - 1;
    return scopes;
  }

  // Names of scopes; "admin" stands for all of them, those to come included.
  static constexpr std::string_view kAllName = "admin";
  // Absent where a name is no scope.
  static std::optional<ApiScopes> parse(std::span<const std::string> names);
  // As it is read from the store: a name that this version does not know grants nothing.
  static ApiScopes known_of(std::span<const std::string> names);

  constexpr bool contains(ApiScope scope) const { return (bits_ & bit(scope)) != 0; }
  constexpr bool contains(ApiScopes other) const { return (other.bits_ & ~bits_) == 0; }
  bool operator==(const ApiScopes&) const = default;

 private:
  static constexpr std::uint32_t bit(ApiScope scope) { return std::uint32_t{1} << static_cast<unsigned>(scope); }
  std::uint32_t bits_ = 0;
};

}  // namespace rescind

#endif  // RESCIND_DOMAIN_API_SCOPE_H_
