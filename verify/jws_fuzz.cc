// Any text as a token, and any header and payload under a good signature, so that the claims parser is reached too.
//
// First byte even: the rest is a token. Odd: the rest is `header NUL payload` (a header of ours where there is none), signed
// here.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdlib>
#include <string>

#include "rescind/base64url.h"
#include "rescind/caching_verifier.h"
#include "rescind/revocation_index.h"
#include "rescind/verifier.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"at+jwt","kid":"k"})";
constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'700'000'000)};

void require(bool good) {
  if (!good) std::abort();
}

struct Fixture {
  Fixture() {
    auto key = VerificationKey::from_hmac_secret(as_bytes(kSecret), "k");
    keys = *KeySet::from_keys({*key});
    policy.issuer = "i";
    policy.audience = "a";
    require(index.apply({1, RevocationKind::kToken, token_key("i", "revoked"), 0, kNow + std::chrono::hours(1)}).has_value());
    require(index.apply({2, RevocationKind::kUser, user_key("i", "u"), 2, kNow + std::chrono::hours(1)}).has_value());
  }
  KeySet keys;
  RevocationIndex index;
  VerifierPolicy policy;
};

std::string sign(std::string_view header, std::string_view payload) {
  const std::string input = base64url_encode(as_bytes(header)) + "." + base64url_encode(as_bytes(payload));
  std::array<std::uint8_t, 32> mac{};
  const auto message = as_bytes(input);
  HMAC(EVP_sha256(), kSecret.data(), static_cast<int>(kSecret.size()), message.data(), message.size(), mac.data(), nullptr);
  return input + "." + base64url_encode(mac);
}

// What every accepted token must be, whatever its text was.
void check_accepted(std::string_view token, const VerifiedToken& verified, const Fixture& fixture) {
  const Claims& claims = verified.claims();
  require(token.size() <= kMaxTokenBytes);
  require(claims.issuer == "i" && !claims.subject.empty() && !claims.token_id.empty() && !claims.audience.empty());
  require(claims.token_id != "revoked" && (claims.subject != "u" || claims.token_version.value_or(0) >= 2));
  require(claims.issued_at < claims.expires_at && claims.expires_at - claims.issued_at <= fixture.policy.max_lifetime);
  require(kNow < claims.expires_at + fixture.policy.leeway);
}

// "good", or why not.
std::string_view name_of(const Result<VerifiedToken, VerifyError>& result) {
  return result ? "good" : to_string(result.error());
}

void check(std::string_view token) {
  static const Fixture kFixture;
  static CachingVerifier cache({{kFixture.policy, kFixture.keys}}, CacheLimits{.tokens = 64});
  const auto verified = verify(token, kFixture.keys, kFixture.index, kFixture.policy, kNow);
  if (verified) check_accepted(token, *verified, kFixture);
  for (int i = 0; i < 2; ++i) require(name_of(cache.verify(token, kFixture.index, kNow)) == name_of(verified));
}

}  // namespace
}  // namespace rescind

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input = rescind::as_text({data + 1, size - 1});
  if (data[0] % 2 == 0) {
    rescind::check(input);
    return 0;
  }
  const std::size_t split = input.find('\0');
  if (split == input.npos) {
    rescind::check(rescind::sign(rescind::kHeader, input));
  } else {
    rescind::check(rescind::sign(input.substr(0, split), input.substr(split + 1)));
  }
  return 0;
}
