#include "verify/claims.h"

#include "rescind/verifier.h"
#include "verify/json_reader.h"

namespace rescind {
namespace {

bool read_text(JsonReader& reader, std::string& to) {
  const std::optional<std::string_view> text = reader.read_string();
  if (text) to = *text;
  return text.has_value();
}

bool read_bounded(JsonReader& reader, std::string& to) { return read_text(reader, to) && to.size() <= kMaxClaimBytes; }

bool read_name(JsonReader& reader, std::string& to) { return read_bounded(reader, to) && !to.empty(); }

bool read_integer(JsonReader& reader, std::optional<std::int64_t>& to) {
  const std::optional<JsonNumber> number = reader.read_number();
  const std::int64_t* whole = number ? std::get_if<std::int64_t>(&*number) : nullptr;
  if (whole == nullptr || *whole < 0 || *whole > kMaxClaimNumber) return false;
  to = *whole;
  return true;
}

bool read_time(JsonReader& reader, std::optional<std::chrono::sys_seconds>& to) {
  std::optional<std::int64_t> number;
  if (!read_integer(reader, number)) return false;
  to = std::chrono::sys_seconds(std::chrono::seconds(*number));
  return true;
}

bool read_list(JsonReader& reader, std::vector<std::string>& to) {
  return reader.read_array([&] { return to.size() < kMaxClaimEntries && read_bounded(reader, to.emplace_back()); });
}

bool read_audience(JsonReader& reader, std::vector<std::string>& to) {
  if (reader.peek() == JsonReader::Kind::kString) return read_name(reader, to.emplace_back());
  return reader.read_array([&] { return to.size() < kMaxClaimEntries && read_name(reader, to.emplace_back()); });
}

// Those that Claims holds as plain times, because no token is without them.
struct RequiredTimes {
  std::optional<std::chrono::sys_seconds> issued_at;
  std::optional<std::chrono::sys_seconds> expires_at;
};

bool read_claim(JsonReader& reader, std::string_view name, Claims& claims, RequiredTimes& times) {
  switch (name.size()) {
    case 2:
      if (name == "tv") return read_integer(reader, claims.token_version);
      break;
    case 3:
      if (name == "iss") return read_name(reader, claims.issuer);
      if (name == "sub") return read_name(reader, claims.subject);
      if (name == "aud") return read_audience(reader, claims.audience);
      if (name == "iat") return read_time(reader, times.issued_at);
      if (name == "exp") return read_time(reader, times.expires_at);
      if (name == "nbf") return read_time(reader, claims.not_before);
      if (name == "jti") return read_name(reader, claims.token_id);
      if (name == "sid") return read_name(reader, claims.session_id);
      if (name == "amr") return read_list(reader, claims.amr);
      break;
    case 5:
      if (name == "roles") return read_list(reader, claims.roles);
      if (name == "scope") return read_text(reader, claims.scope);
      break;
    case 9:
      if (name == "client_id") return read_name(reader, claims.client_id);
      if (name == "auth_time") return read_time(reader, claims.auth_time);
      break;
    default: break;
  }
  return reader.skip_value();
}

}  // namespace

bool parse_claims(std::string&& json, Claims& to) {
  RequiredTimes times;
  JsonReader reader(json, kMaxJsonDepth);
  const auto read_member = [&](std::string_view name) { return read_claim(reader, name, to, times); };
  if (!reader.read_object(read_member) || !reader.is_at_end()) return false;
  if (to.issuer.empty() || to.subject.empty() || to.token_id.empty() || to.audience.empty()) return false;
  if (!times.issued_at || !times.expires_at) return false;
  to.issued_at = *times.issued_at;
  to.expires_at = *times.expires_at;
  to.json = std::move(json);
  return true;
}

}  // namespace rescind
