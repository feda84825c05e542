#include <openssl/crypto.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "rescind/base64url.h"
#include "token/key_file.h"
#include "token/refresh_token.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeyFileDepth = 3;  // document, array, JWK

Unexpected<Error> refuse(std::string reason) { return fail(ErrorCode::kInternal, std::move(reason)); }

// Wipes what the parsed document holds when it goes out of scope.
class WipedDocument {
 public:
  explicit WipedDocument(json::value document) : document_(std::move(document)) {}
  ~WipedDocument() { wipe(document_); }
  WipedDocument(const WipedDocument&) = delete;
  WipedDocument& operator=(const WipedDocument&) = delete;
  const json::value& get() const { return document_; }

 private:
  static void wipe(json::value& value) {
    if (auto* text = value.if_string()) OPENSSL_cleanse(text->data(), text->size());
    if (auto* array = value.if_array()) {
      for (json::value& item : *array) wipe(item);
    }
    if (auto* object = value.if_object()) {
      for (auto& [name, item] : *object) wipe(item);
    }
  }
  json::value document_;
};

std::optional<Secret> read_refresh_key(const json::value& value) {
  if (!value.is_string()) return std::nullopt;
  auto bytes = base64url_decode(std::string_view(value.get_string()));
  if (!bytes || bytes->size() != kRefreshKeyBytes) return std::nullopt;
  Secret key(std::string(bytes->begin(), bytes->end()));
  OPENSSL_cleanse(bytes->data(), bytes->size());
  return key;
}

Result<std::vector<SigningKey>> read_signing_keys(const json::value& value) {
  if (!value.is_array()) return refuse("signing_keys is not an array");
  if (value.get_array().size() > kMaxKeysInSet) return refuse("too many signing keys");
  std::vector<SigningKey> keys;
  for (const json::value& item : value.get_array()) {
    auto key = SigningKey::from_private_jwk(Secret(json::serialize(item)));
    if (!key) return refuse("signing key " + std::to_string(keys.size() + 1) + ": " + key.error().message);
    keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace

Result<KeyFileContent> parse_key_file(const Secret& text) {
  if (text.size() > kMaxKeyFileBytes) return refuse("is too long");
  auto parsed = parse_strict_json(text.reveal(), kKeyFileDepth);
  if (!parsed || !parsed->is_object()) return refuse("is not a JSON object");
  const WipedDocument document(std::move(*parsed));
  const json::object& members = document.get().get_object();
  const json::value* version = members.if_contains("version");
  const json::value* refresh_key = members.if_contains("refresh_key");
  const json::value* signing_keys = members.if_contains("signing_keys");
  if (!version || !refresh_key || !signing_keys || members.size() != 3) {
    return refuse("must have exactly the members version, refresh_key and signing_keys");
  }
  if (*version != 1) return refuse("is of a version that is not known");
  auto key = read_refresh_key(*refresh_key);
  if (!key) return refuse("refresh_key is not 32 bytes as base64url");
  auto keys = read_signing_keys(*signing_keys);
  if (!keys) return Unexpected(std::move(keys).error());
  return KeyFileContent{std::move(*key), std::move(*keys)};
}

Secret format_key_file(const KeyFileContent& content) {
  std::string text;
  text.reserve(kMaxKeyFileBytes);  // no copy of it is left behind by growing
  text.append("{\"version\":1,\n \"refresh_key\":\"").append(base64url_encode(content.refresh_key.reveal_bytes()));
  text.append("\",\n \"signing_keys\":[");
  for (std::size_t i = 0; i < content.signing_keys.size(); ++i) {
    text.append(i == 0 ? "\n  " : ",\n  ").append(content.signing_keys[i].private_jwk().reveal());
  }
  text.append("]}\n");
  return Secret(std::move(text));
}

}  // namespace rescind
