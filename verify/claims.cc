#include "verify/claims.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>

#include "rescind/verifier.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

namespace json = boost::json;

enum class Presence { kRequired, kOptional };

// Reads the members one after the other and remembers whether all were right.
class ClaimReader {
 public:
  explicit ClaimReader(const json::object& object) : object_(object) {}

  bool is_good() const { return is_good_; }

  void read_name(std::string_view name, Presence presence, std::string& to) {
    const json::value* value = find(name, presence);
    if (value != nullptr && (!read_string(*value, to) || to.empty())) is_good_ = false;
  }

  void read_text(std::string_view name, std::string& to) {
    const json::value* value = find(name, Presence::kOptional);
    if (value == nullptr) return;
    if (!value->is_string()) {
      is_good_ = false;
      return;
    }
    to = std::string_view(value->get_string());
  }

  std::optional<std::int64_t> read_integer(std::string_view name, Presence presence) {
    const json::value* value = find(name, presence);
    if (value == nullptr) return std::nullopt;
    if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > kMaxClaimNumber) {
      is_good_ = false;
      return std::nullopt;
    }
    return value->get_int64();
  }

  std::optional<std::chrono::sys_seconds> read_time(std::string_view name, Presence presence) {
    const std::optional<std::int64_t> number = read_integer(name, presence);
    if (!number) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(*number));
  }

  void read_list(std::string_view name, std::vector<std::string>& to) {
    const json::value* value = find(name, Presence::kOptional);
    if (value != nullptr) read_array(*value, to);
  }

  void read_audience(std::vector<std::string>& to) {
    const json::value* value = find("aud", Presence::kRequired);
    if (value == nullptr) return;
    if (value->is_string()) {
      is_good_ = read_string(*value, to.emplace_back()) && is_good_;
    } else {
      read_array(*value, to);
    }
    for (const std::string& audience : to) is_good_ = is_good_ && !audience.empty();
    is_good_ = is_good_ && !to.empty();
  }

 private:
  const json::value* find(std::string_view name, Presence presence) {
    const json::value* value = object_.if_contains(name);
    if (value == nullptr && presence == Presence::kRequired) is_good_ = false;
    return value;
  }

  static bool read_string(const json::value& value, std::string& to) {
    if (!value.is_string() || value.get_string().size() > kMaxClaimBytes) return false;
    to = std::string_view(value.get_string());
    return true;
  }

  void read_array(const json::value& value, std::vector<std::string>& to) {
    const json::array* array = value.if_array();
    if (array == nullptr || array->size() > kMaxClaimEntries) {
      is_good_ = false;
      return;
    }
    to.reserve(array->size());
    for (const json::value& element : *array) is_good_ = read_string(element, to.emplace_back()) && is_good_;
  }

  const json::object& object_;
  bool is_good_ = true;
};

}  // namespace

std::optional<Claims> parse_claims(std::string text) {
  std::array<unsigned char, 4096> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  const auto value = parse_strict_json(text, kMaxJsonDepth, &memory);
  if (!value || !value->is_object()) return std::nullopt;

  Claims claims;
  ClaimReader reader(value->get_object());
  reader.read_name("iss", Presence::kRequired, claims.issuer);
  reader.read_name("sub", Presence::kRequired, claims.subject);
  reader.read_audience(claims.audience);
  const auto issued_at = reader.read_time("iat", Presence::kRequired);
  const auto expires_at = reader.read_time("exp", Presence::kRequired);
  claims.not_before = reader.read_time("nbf", Presence::kOptional);
  reader.read_name("jti", Presence::kRequired, claims.token_id);
  reader.read_name("sid", Presence::kOptional, claims.session_id);
  claims.token_version = reader.read_integer("tv", Presence::kOptional);
  reader.read_name("client_id", Presence::kOptional, claims.client_id);
  claims.auth_time = reader.read_time("auth_time", Presence::kOptional);
  reader.read_list("amr", claims.amr);
  reader.read_list("roles", claims.roles);
  reader.read_text("scope", claims.scope);
  if (!reader.is_good()) return std::nullopt;

  claims.issued_at = *issued_at;
  claims.expires_at = *expires_at;
  claims.json = std::move(text);
  return claims;
}

}  // namespace rescind
