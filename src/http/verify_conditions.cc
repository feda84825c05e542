#include "http/verify_conditions.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>

#include "http/form.h"

namespace rescind {
namespace {

bool holds_scope(std::string_view scopes, std::string_view wanted) {
  while (!scopes.empty()) {
    const std::size_t space = scopes.find(' ');
    const std::string_view scope = scopes.substr(0, space);
    if (!scope.empty() && spells(wanted, scope)) return true;
    scopes = space == std::string_view::npos ? std::string_view() : scopes.substr(space + 1);
  }
  return false;
}

bool holds_role(std::span<const std::string_view> roles, std::string_view wanted) {
  return std::ranges::any_of(roles, [wanted](std::string_view role) { return spells(wanted, role); });
}

// In digits, as RFC 9470 has it.
std::optional<std::chrono::seconds> parse_max_age(std::string_view text) {
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

// A token that does not say when its user signed in has no age.
Result<void> check_age(const Claims& claims, std::string_view wanted, std::chrono::sys_seconds now) {
  const std::optional<std::chrono::seconds> max_age = parse_max_age(wanted);
  if (!max_age) return fail(ErrorCode::kInvalidRequest, "\"max_age\" must be seconds");
  if (claims.auth_time && now - *claims.auth_time <= *max_age) return {};
  return Unexpected(
      Error{ErrorCode::kReauthenticationRequired, "the user has to sign in again for this", std::nullopt, max_age});
}

Result<void> check_condition(const Claims& claims, const RawField& condition, std::chrono::sys_seconds now) {
  if (condition.name == "role") {
    if (holds_role(claims.roles, condition.value)) return {};
    return fail(ErrorCode::kInsufficientRole, "the token lacks a role that is needed here");
  }
  if (condition.name == "scope") {
    if (holds_scope(claims.scope, condition.value)) return {};
    return fail(ErrorCode::kInsufficientScope, "the token lacks a scope that is needed here");
  }
  if (condition.name == "max_age") return check_age(claims, condition.value, now);
  return fail(ErrorCode::kInvalidRequest, "the query may hold \"role\", \"scope\" and \"max_age\" only");
}

}  // namespace

Result<void> check_conditions(const Claims& claims, std::string_view query, std::chrono::sys_seconds now) {
  RawFormFields conditions(query);
  while (const std::optional<RawField> condition = conditions.next()) {
    Result<void> met = check_condition(claims, *condition, now);
    if (!met) return met;
  }
  if (!conditions.is_sound()) return fail(ErrorCode::kInvalidRequest, "the query cannot be read");
  return {};
}

}  // namespace rescind
