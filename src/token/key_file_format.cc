#include <openssl/crypto.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "rescind/base64url.h"
#include "token/key_file.h"
#include "token/refresh_token.h"
#include "token/sealed_text.h"
#include "verify/strict_json.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeyFileDepth = 4;  // document, array, key, JWK
constexpr std::int64_t kLatestTime = std::int64_t{1} << 53;

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

// Members of one object, each read once. What was wrong, or that one was left over, is told at the end.
class Members {
 public:
  explicit Members(const json::value& value) : object_(value.if_object()) {}

  const json::value* take(std::string_view name) {
    const json::value* found = object_ != nullptr ? object_->if_contains(name) : nullptr;
    if (found != nullptr) ++taken_;
    return found;
  }
  // False where it is no number of milliseconds that a clock could have shown.
  bool take_time(std::string_view name, std::optional<WallTime>& time) {
    const json::value* value = take(name);
    if (value == nullptr) return true;
    if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > kLatestTime) return false;
    time = WallTime(WallTime::duration(value->get_int64()));
    return true;
  }
  bool all_taken() const { return object_ != nullptr && taken_ == object_->size(); }

 private:
  const json::object* object_;
  std::size_t taken_ = 0;
};

std::optional<RefreshKey> read_refresh_key(const json::value& value) {
  Members members(value);
  const json::value* text = members.take("key");
  std::optional<WallTime> made_at;
  RefreshKey key;
  if (!members.take_time("made_at", made_at) || !members.take_time("retired_at", key.retired_at)) return std::nullopt;
  if (text == nullptr || !text->is_string() || !made_at || !members.all_taken()) return std::nullopt;
  auto bytes = base64url_decode(std::string_view(text->get_string()));
  if (!bytes) return std::nullopt;
  key.key = Secret(std::string(bytes->begin(), bytes->end()));
  OPENSSL_cleanse(bytes->data(), bytes->size());
  key.made_at = *made_at;
  return key;
}

std::optional<KeyState> parse_state(const json::value* value) {
  if (value == nullptr || !value->is_string()) return std::nullopt;
  for (const KeyState state : {KeyState::kNext, KeyState::kActive, KeyState::kRetired}) {
    if (std::string_view(value->get_string()) == to_string(state)) return state;
  }
  return std::nullopt;
}

Result<ServerKey> read_signing_key(const json::value& value) {
  Members members(value);
  const json::value* jwk = members.take("jwk");
  const auto state = parse_state(members.take("state"));
  std::optional<WallTime> published_at, active_at, retired_at;
  const bool has_times = members.take_time("published_at", published_at) && members.take_time("active_at", active_at) &&
                         members.take_time("retired_at", retired_at);
  if (jwk == nullptr || !state || !published_at || !has_times || !members.all_taken()) {
    return refuse("must have the members jwk, state and published_at, may have active_at and retired_at, and no other");
  }
  auto key = SigningKey::from_private_jwk(Secret(json::serialize(*jwk)));
  if (!key) return Unexpected(std::move(key).error());
  return ServerKey{std::move(*key), *state, *published_at, active_at, retired_at};
}

void append_time(std::string& text, std::string_view name, std::optional<WallTime> time) {
  if (time) text.append(",\"").append(name).append("\":").append(std::to_string(time->time_since_epoch().count()));
}

// Absent where the text is none of ours, or too long.
std::optional<WipedDocument> parse(const Secret& text) {
  if (text.size() > kMaxKeyFileBytes) return std::nullopt;
  auto parsed = parse_strict_json(text.reveal(), kKeyFileDepth);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  return std::optional<WipedDocument>(std::in_place, std::move(*parsed));
}

Result<ServerKeys> read_keys(const json::value& document) {
  Members members(document);
  const json::value* version = members.take("version");
  const json::value* refresh_keys = members.take("refresh_keys");
  const json::value* signing_keys = members.take("signing_keys");
  if (version == nullptr || refresh_keys == nullptr || signing_keys == nullptr || !members.all_taken()) {
    return refuse("must have exactly the members version, refresh_keys and signing_keys");
  }
  if (*version != 1) return refuse("is of a version that is not known");
  if (!refresh_keys->is_array() || refresh_keys->get_array().size() > kMaxRefreshKeys)
    return refuse("refresh_keys is no array of 1 or 2");
  if (!signing_keys->is_array() || signing_keys->get_array().size() > kMaxServerKeys)
    return refuse("signing_keys is no array, or too long");
  ServerKeys keys;
  for (const json::value& item : refresh_keys->get_array()) {
    auto key = read_refresh_key(item);
    if (!key) return refuse("a refresh key is not of its form");
    keys.refresh_keys.push_back(std::move(*key));
  }
  for (const json::value& item : signing_keys->get_array()) {
    auto key = read_signing_key(item);
    if (!key) return refuse("signing key " + std::to_string(keys.signing_keys.size() + 1) + ": " + key.error().message);
    keys.signing_keys.push_back(std::move(*key));
  }
  if (!is_sound(keys)) return refuse("has two keys of one state, or a key whose times or length do not fit");
  return keys;
}

struct Unsealed {
  Secret text;
  Sealing sealing;
};

Result<Unsealed> read_sealed(const json::value& document, const MasterSecrets& secrets) {
  Members members(document);
  const json::value* version = members.take("version");
  const json::value* sealed = members.take("sealed");
  if (version == nullptr || *version != 1 || !sealed->is_string() || !members.all_taken()) {
    return refuse("must have exactly the members version, which is 1, and sealed");
  }
  const auto bytes = base64url_decode(std::string_view(sealed->get_string()));
  if (!bytes) return refuse("sealed is not base64url");
  if (!secrets.current) return refuse("is sealed: keys.master_secret_file or RESCIND_MASTER_SECRET is needed");
  if (auto text = unseal(*bytes, *secrets.current)) return Unsealed{std::move(*text), Sealing::kCurrent};
  if (secrets.previous) {
    if (auto text = unseal(*bytes, *secrets.previous)) return Unsealed{std::move(*text), Sealing::kOutdated};
  }
  return refuse("is sealed with another master secret than the one that is given, or was altered");
}

Secret format_keys(const ServerKeys& keys) {
  std::string text;
  text.reserve(kMaxKeyFileBytes);  // no copy of it is left behind by growing
  text.append("{\"version\":1,\n \"refresh_keys\":[");
  for (const RefreshKey& key : keys.refresh_keys) {
    text.append(&key == &keys.refresh_keys.front() ? "\n  " : ",\n  ");
    text.append("{\"key\":\"").append(base64url_encode(key.key.reveal_bytes())).append("\"");
    append_time(text, "made_at", key.made_at);
    append_time(text, "retired_at", key.retired_at);
    text.append("}");
  }
  text.append("],\n \"signing_keys\":[");
  for (const ServerKey& key : keys.signing_keys) {
    text.append(&key == &keys.signing_keys.front() ? "\n  " : ",\n  ");
    text.append("{\"state\":\"").append(to_string(key.state)).append("\"");
    append_time(text, "published_at", key.published_at);
    append_time(text, "active_at", key.active_at);
    append_time(text, "retired_at", key.retired_at);
    text.append(",\"jwk\":").append(key.key.private_jwk().reveal()).append("}");
  }
  text.append("]}\n");
  return Secret(std::move(text));
}

}  // namespace

Result<KeyFileContent> parse_key_file(const Secret& text, const MasterSecrets& secrets) {
  const auto outer = parse(text);
  if (!outer) return refuse("is not a JSON object, or too long");
  const json::object& members = outer->get().get_object();
  if (!members.contains("sealed")) {
    auto keys = read_keys(outer->get());
    if (!keys) return Unexpected(std::move(keys).error());
    return KeyFileContent{std::move(*keys), secrets.current ? Sealing::kOutdated : Sealing::kCurrent};
  }
  auto unsealed = read_sealed(outer->get(), secrets);
  if (!unsealed) return Unexpected(std::move(unsealed).error());
  const auto inner = parse(unsealed->text);
  if (!inner) return refuse("is sealed, and what it holds is not a JSON object");
  auto keys = read_keys(inner->get());
  if (!keys) return Unexpected(std::move(keys).error());
  return KeyFileContent{std::move(*keys), unsealed->sealing};
}

Secret format_key_file(const ServerKeys& keys, const MasterSecrets& secrets, Random& random) {
  Secret text = format_keys(keys);
  if (!secrets.current) return text;
  return Secret("{\"version\":1,\n \"sealed\":\"" + base64url_encode(seal(text, *secrets.current, random)) + "\"}\n");
}

}  // namespace rescind
