#include "verify/foreign_claims.h"

#include "rescind/base64url.h"
#include "verify/claims.h"
#include "verify/kept_claims.h"
#include "verify/sha256.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

namespace json = boost::json;

// Reads one claim after the other and remembers whether all were right.
class MappedReader {
 public:
  explicit MappedReader(const json::object& payload) : payload_(payload) {}

  bool is_good() const { return is_good_; }

  void read_text(const ClaimPath& path, std::string_view& to) {
    const json::value* value = find(path);
    if (value != nullptr) take_text(*value, to);
  }

  // Strings, or one that stands alone.
  void read_texts(const ClaimPath& path, std::vector<std::string_view>& to) {
    const json::value* value = find(path);
    if (value == nullptr) return;
    if (value->is_string()) return take_text(*value, to.emplace_back());
    const json::array* array = value->if_array();
    if (array == nullptr || array->size() > kMaxClaimEntries) {
      is_good_ = false;
      return;
    }
    for (const json::value& element : *array) take_text(element, to.emplace_back());
  }

  std::optional<std::chrono::sys_seconds> read_time(const char* name) {
    const json::value* value = payload_.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > kMaxClaimNumber) {
      is_good_ = false;
      return std::nullopt;
    }
    return std::chrono::sys_seconds(std::chrono::seconds(value->get_int64()));
  }

 private:
  const json::value* find(const ClaimPath& path) const {
    const json::object* object = path.empty() ? nullptr : &payload_;
    const json::value* value = nullptr;
    for (const std::string& step : path) {
      value = object == nullptr ? nullptr : object->if_contains(step);
      object = value == nullptr ? nullptr : value->if_object();
    }
    return value;
  }

  void take_text(const json::value& value, std::string_view& to) {
    if (value.is_string() && value.get_string().size() <= kMaxClaimBytes) {
      to = value.get_string();
    } else {
      is_good_ = false;
    }
  }

  const json::object& payload_;
  bool is_good_ = true;
};

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

}  // namespace

std::shared_ptr<const Claims> parse_foreign_claims(std::string_view text, const ForeignPolicy& policy) {
  const auto value = parse_strict_json(text, kMaxJsonDepth);
  if (!value || !value->is_object()) return nullptr;
  Claims claims;
  MappedReader reader(value->get_object());
  reader.read_text({"iss"}, claims.issuer);
  std::vector<std::string_view> audience;
  reader.read_texts({"aud"}, audience);
  const auto issued_at = reader.read_time("iat");
  const auto expires_at = reader.read_time("exp");
  claims.not_before = reader.read_time("nbf");
  reader.read_text({"jti"}, claims.token_id);
  reader.read_text({"client_id"}, claims.client_id);
  if (claims.client_id.empty()) reader.read_text({"azp"}, claims.client_id);
  reader.read_text(policy.user, claims.subject);
  reader.read_text(policy.session, claims.session_id);
  std::vector<std::string_view> roles;
  reader.read_texts(policy.roles, roles);
  std::vector<std::string_view> scopes;
  reader.read_texts(policy.scope, scopes);
  if (!reader.is_good() || !issued_at || !expires_at || claims.issuer.empty() || claims.subject.empty()) return nullptr;

  const std::string scope = joined(scopes);
  std::string payload_id;
  claims.issued_at = *issued_at;
  claims.expires_at = *expires_at;
  if (claims.token_id.empty() || claims.token_id.starts_with(kPayloadIdPrefix)) {
    payload_id = std::string(kPayloadIdPrefix) + base64url_encode(sha256({text}));
    claims.token_id = payload_id;
  }
  claims.audience = audience;
  claims.roles = roles;
  claims.scope = scope;
  claims.json = text;
  return keep_claims(std::move(claims));
}

}  // namespace rescind
