// For tests only: keys made on the spot, and tokens with whatever header and payload an attack needs.
#ifndef RESCIND_VERIFY_TESTING_TOKEN_MAKER_H_
#define RESCIND_VERIFY_TESTING_TOKEN_MAKER_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rescind/algorithm.h"
#include "rescind/key.h"
#include "rescind/verifier.h"

namespace rescind::testing {

inline constexpr Algorithm kAllAlgorithms[] = {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256,
                                               Algorithm::kHs256};

// A private key (or secret) with its public forms. Any failure inside aborts: a test cannot go on without its key.
// Copies share the key. Thread-safety: immutable.
class TokenMaker {
 public:
  static TokenMaker generate(Algorithm algorithm, std::string key_id = "key-1");
  static TokenMaker generate_rsa(int bits, Algorithm algorithm, std::string key_id = "key-1");
  static TokenMaker from_secret(std::string secret, std::string key_id = "key-1");
  // One key for each algorithm, made once per process (RSA keys take long), with the kid "key-1".
  static const TokenMaker& shared(Algorithm algorithm);

  Algorithm algorithm() const;
  const std::string& key_id() const;
  VerificationKey key() const;
  KeySet key_set() const;

  // {"alg":…,"typ":"at+jwt","kid":…}
  std::string header() const;
  // The JWS signature, raw bytes.
  std::string sign(std::string_view signing_input) const;
  // RSA-PSS with a salt of another length. RSA keys only.
  std::string sign_pss(std::string_view signing_input, int salt_bytes) const;
  // header.payload.signature, both encoded as they are.
  std::string make(std::string_view header, std::string_view payload) const;
  std::string make(std::string_view payload) const { return make(header(), payload); }

  std::string public_jwk() const;  // with alg and kid; for HS256 the secret one
  std::string public_pem() const;  // the next three: not for HS256
  std::string public_der() const;
  std::string public_numbers() const;  // n, x || y or the Ed25519 point

 private:
  struct Material;
  explicit TokenMaker(std::shared_ptr<const Material> material) : material_(std::move(material)) {}
  std::shared_ptr<const Material> material_;
};

// A payload with every required claim, to be changed member by member. A value is JSON text, so that a test can write what
// no library would.
class ClaimsText {
 public:
  explicit ClaimsText(std::chrono::sys_seconds issued_at, std::chrono::seconds lifetime = std::chrono::minutes(15));
  ClaimsText& set(std::string name, std::string json);
  ClaimsText& set(std::string name, std::chrono::sys_seconds time);
  ClaimsText& remove(const std::string& name);
  std::string text() const;

 private:
  std::map<std::string, std::string> members_;
};

// What ClaimsText writes: iss, aud, sub, jti, sid, client_id.
inline constexpr std::string_view kIssuer = "https://issuer.example";
inline constexpr std::string_view kAudience = "api";
inline constexpr std::string_view kSubject = "user-1";
inline constexpr std::string_view kTokenId = "token-1";
inline constexpr std::string_view kSessionId = "session-1";
inline constexpr std::string_view kClientId = "client-1";
inline constexpr std::int64_t kTokenVersion = 3;

VerifierPolicy default_policy();

std::string encode(std::string_view bytes);                    // base64url
std::string decode(std::string_view text);                     // aborts where `text` is not canonical
std::vector<std::string> split_token(std::string_view token);  // at every dot
std::string quote(std::string_view text);                      // as a JSON string

}  // namespace rescind::testing

#endif  // RESCIND_VERIFY_TESTING_TOKEN_MAKER_H_
