#include "token/access_token.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "rescind/base64url.h"
#include "token/custom_claims.h"

namespace rescind {
namespace {

namespace json = boost::json;

constexpr std::size_t kUsualPayloadBytes = 512;

std::string encode(std::string_view text) {
  return base64url_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// Writes one JSON object member by member, in the order of the calls.
class Payload {
 public:
  Payload() { text_.reserve(kUsualPayloadBytes); }
  void add(std::string_view name, std::string_view text) {
    begin(name);
    add_quoted(text);
  }
  void add(std::string_view name, std::int64_t number) {
    begin(name);
    text_ += std::to_string(number);
  }
  void add(std::string_view name, const std::vector<std::string>& texts) {
    begin(name);
    text_ += '[';
    for (const std::string& text : texts) {
      if (&text != &texts.front()) text_ += ',';
      add_quoted(text);
    }
    text_ += ']';
  }
  void add_members(std::string_view members) {
    if (!members.empty()) text_.append(",").append(members);
  }
  std::string finish() && { return std::move(text_) + "}"; }

 private:
  // Claim names are this file's own and need no escape.
  void begin(std::string_view name) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_.append(name).append("\":");
  }
  // Nearly no text of a token does either.
  void add_quoted(std::string_view text) {
    const bool is_plain =
        std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == '"' || c == '\\' || c == 0x7f; });
    if (is_plain) {
      text_.append("\"").append(text).append("\"");
    } else {
      text_ += json::serialize(json::value(text));
    }
  }

  std::string text_;
};

std::string header_of(const SigningKey& key) {
  Payload header;
  header.add("alg", to_string(key.algorithm()));
  header.add("typ", "at+jwt");
  header.add("kid", key.key_id());
  return std::move(header).finish();
}

// Parsed again for each token, so that a row that was altered in the store cannot speak for the server.
CustomClaims own_claims_of(const Session& session) {
  if (session.claims_json.empty()) return {};
  auto claims = parse_custom_claims(session.claims_json);
  return claims ? std::move(*claims) : CustomClaims();
}

std::string payload_of(const User& user, const Session& session, const TokenId& id, const AccessTokenPolicy& policy,
                       WallTime now) {
  const std::int64_t issued_at = to_seconds(now).time_since_epoch().count();
  const CustomClaims own_claims = own_claims_of(session);
  Payload payload;
  payload.add("iss", policy.issuer);
  payload.add("sub", user.id.text);
  payload.add("aud", policy.audience);
  payload.add("iat", issued_at);
  payload.add("exp", issued_at + policy.ttl.count());
  payload.add("jti", id.text());
  payload.add("sid", session.id.text());
  payload.add("tv", user.token_version);
  payload.add("auth_time", to_seconds(session.created_at).time_since_epoch().count());
  payload.add("amr", session.amr);
  if (!session.client_id.empty()) payload.add("client_id", session.client_id);
  if (!user.roles.empty() && !own_claims.has_roles) payload.add("roles", user.roles);
  payload.add_members(own_claims.members);
  return std::move(payload).finish();
}

}  // namespace

std::string issue_access_token(const User& user, const Session& session, const TokenId& id, const AccessTokenPolicy& policy,
                               const SigningKey& key, WallTime now) {
  std::string token = encode(header_of(key)).append(".").append(encode(payload_of(user, session, id, policy, now)));
  const std::string signature = key.sign(token);
  return std::move(token.append(".").append(encode(signature)));
}

}  // namespace rescind
