#include "verify/claims.h"

#include <boost/container/small_vector.hpp>

#include "rescind/verifier.h"
#include "verify/json_reader.h"
#include "verify/kept_claims.h"

namespace rescind {
namespace {

using Texts = boost::container::small_vector<std::string_view, 4>;

bool read_bounded(JsonReader& reader, std::string_view& to) { return reader.read_string(to) && to.size() <= kMaxClaimBytes; }

bool read_name(JsonReader& reader, std::string_view& to) { return read_bounded(reader, to) && !to.empty(); }

bool read_integer(JsonReader& reader, std::optional<std::int64_t>& to) {
  JsonNumber number;
  const std::int64_t* whole = reader.read_number(number) ? std::get_if<std::int64_t>(&number) : nullptr;
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

bool read_list(JsonReader& reader, Texts& to) {
  return reader.read_array([&] { return to.size() < kMaxClaimEntries && read_bounded(reader, to.emplace_back()); });
}

bool read_audience(JsonReader& reader, Texts& to) {
  if (reader.peek() == JsonReader::Kind::kString) return read_name(reader, to.emplace_back());
  return reader.read_array([&] { return to.size() < kMaxClaimEntries && read_name(reader, to.emplace_back()); });
}

// Claims that are being read, and what they cannot hold meanwhile.
struct Draft {
  Claims claims;
  std::optional<std::chrono::sys_seconds> issued_at;  // plain times in Claims, because no token is without them
  std::optional<std::chrono::sys_seconds> expires_at;
  Texts audience;
  Texts amr;
  Texts roles;
};

bool read_claim(JsonReader& reader, std::string_view name, Draft& draft) {
  Claims& claims = draft.claims;
  switch (name.size()) {
    case 2:
      if (name == "tv") return read_integer(reader, claims.token_version);
      break;
    case 3:
      if (name == "iss") return read_name(reader, claims.issuer);
      if (name == "sub") return read_name(reader, claims.subject);
      if (name == "aud") return read_audience(reader, draft.audience);
      if (name == "iat") return read_time(reader, draft.issued_at);
      if (name == "exp") return read_time(reader, draft.expires_at);
      if (name == "nbf") return read_time(reader, claims.not_before);
      if (name == "jti") return read_name(reader, claims.token_id);
      if (name == "sid") return read_name(reader, claims.session_id);
      if (name == "amr") return read_list(reader, draft.amr);
      break;
    case 5:
      if (name == "roles") return read_list(reader, draft.roles);
      if (name == "scope") return reader.read_string(claims.scope);
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

std::shared_ptr<const Claims> parse_claims(std::string_view json) {
  Draft draft;
  JsonReader reader(json, kMaxJsonDepth);
  const auto read_member = [&](std::string_view name) { return read_claim(reader, name, draft); };
  if (!reader.read_object(read_member) || !reader.is_at_end()) return nullptr;
  Claims& claims = draft.claims;
  if (claims.issuer.empty() || claims.subject.empty() || claims.token_id.empty() || draft.audience.empty()) return nullptr;
  if (!draft.issued_at || !draft.expires_at) return nullptr;
  claims.issued_at = *draft.issued_at;
  claims.expires_at = *draft.expires_at;
  claims.audience = draft.audience;
  claims.amr = draft.amr;
  claims.roles = draft.roles;
  claims.json = json;
  return keep_claims(std::move(claims));
}

}  // namespace rescind
