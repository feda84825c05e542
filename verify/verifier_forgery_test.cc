// Tokens that nobody signed, or that somebody else did.
#include <gtest/gtest.h>

#include "verify/testing/verifier_fixture.h"

namespace rescind {
namespace {

using namespace testing;

class Forgery : public VerifierFixture {
 protected:
  const std::string payload = ClaimsText(kNow).text();

  std::string check_with(const TokenMaker& key, std::string_view token) const {
    const auto result = verify(token, key.key_set(), index, policy, kNow);
    return result ? "good" : std::string(to_string(result.error()));
  }
};

std::string header_with_alg(std::string_view alg) {
  return R"({"alg":")" + std::string(alg) + R"(","typ":"at+jwt","kid":"key-1"})";
}

TEST_F(Forgery, WhatTheKeySignedIsAcceptedForEveryAlgorithm) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const TokenMaker& key = TokenMaker::shared(algorithm);
    EXPECT_EQ(check_with(key, key.make(payload)), "good") << to_string(algorithm);
  }
}

TEST_F(Forgery, AnyChangedByteOfThePayloadIsRefused) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const TokenMaker& key = TokenMaker::shared(algorithm);
    const auto segments = split_token(key.make(payload));
    for (std::size_t i = 0; i < payload.size(); i += 5) {
      std::string changed = payload;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      EXPECT_EQ(check_with(key, segments[0] + "." + encode(changed) + "." + segments[2]), "bad_signature");
    }
  }
}

TEST_F(Forgery, AlgNoneInAllSixteenCasesIsRefusedWhateverTheSignature) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const TokenMaker& key = TokenMaker::shared(algorithm);
    for (unsigned upper = 0; upper < 16; ++upper) {
      std::string alg = "none";
      for (unsigned i = 0; i < 4; ++i) alg[i] = static_cast<char>((upper >> i & 1) != 0 ? alg[i] - 'a' + 'A' : alg[i]);
      const std::string input = encode(header_with_alg(alg)) + "." + encode(payload);
      EXPECT_EQ(check_with(key, input + "."), "malformed");
      EXPECT_EQ(check_with(key, input), "malformed");
      EXPECT_EQ(check_with(key, input + ".anVuaw"), "wrong_key");
      EXPECT_EQ(check_with(key, input + "." + encode(key.sign(input))), "wrong_key");
    }
  }
}

TEST_F(Forgery, AMissingEmptyOrForeignAlgIsRefusedEvenWithAGoodSignature) {
  EXPECT_EQ(check_header(R"({"typ":"at+jwt","kid":"key-1"})"), "malformed");
  EXPECT_EQ(check_header(header_with_alg("")), "malformed");
  for (const std::string_view alg :
       {"HS384", "HS512", "hs256", "Hs256", "HS256 ", "HS256\\u0000", "ES256", "RS256", "EdDSA", "HMAC", "\\u0000"}) {
    EXPECT_EQ(check_header(header_with_alg(alg)), "wrong_key") << alg;
  }
  EXPECT_EQ(check_header(header_with_alg("\\u0048S256")), "good");  // the same string, escaped
  for (const std::string_view alg : {"null", "256", "[\"HS256\"]", "{}", "true"}) {
    EXPECT_EQ(check_header(R"({"alg":)" + std::string(alg) + R"(,"typ":"at+jwt","kid":"key-1"})"), "malformed") << alg;
  }
}

// Every text under which a published key may be at hand, used as an HMAC secret.
std::vector<std::string> serialisations(const TokenMaker& key) {
  const std::string pem = key.public_pem();
  const std::string jwk = key.public_jwk();
  const std::string numbers = key.public_numbers();
  std::string without_newlines;
  for (const char c : pem) {
    if (c != '\n') without_newlines += c;
  }
  std::string crlf;
  for (const char c : pem) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const std::string body = pem.substr(27, pem.find("\n-----END") - 27);
  return {pem,
          pem.substr(0, pem.size() - 1),
          " " + pem,
          "\n" + pem,
          pem + "\n",
          pem + '\0',
          without_newlines,
          crlf,
          body,
          key.public_der(),
          jwk,
          jwk + "\n",
          R"({"keys":[)" + jwk + "]}",
          numbers,
          '\0' + numbers,
          '\4' + numbers,
          numbers.substr(0, 32),
          encode(numbers),
          std::string()};
}

TEST_F(Forgery, APublicKeyAsHmacSecretInAnySerialisationIsRefused) {
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256}) {
    const TokenMaker& key = TokenMaker::shared(algorithm);
    for (const std::string& secret : serialisations(key)) {
      if (secret.empty()) continue;
      const TokenMaker forger = TokenMaker::from_secret(secret);
      EXPECT_EQ(check_with(key, forger.make(payload)), "wrong_key");
      // The honest alg, with the HMAC as signature.
      EXPECT_EQ(check_with(key, forger.make(key.header(), payload)), "bad_signature");
    }
  }
}

TEST_F(Forgery, NoKeyVerifiesUnderAnotherKeysAlgorithm) {
  for (const Algorithm signer : kAllAlgorithms) {
    for (const Algorithm verifier : kAllAlgorithms) {
      if (signer == verifier) continue;
      const TokenMaker& key = TokenMaker::shared(verifier);
      const TokenMaker& other = TokenMaker::shared(signer);
      EXPECT_EQ(check_with(key, other.make(payload)), "wrong_key");
      EXPECT_EQ(check_with(key, other.make(key.header(), payload)), "bad_signature");
    }
  }
}

TEST_F(Forgery, AKeyThatTheTokenBringsAlongIsRefused) {
  const TokenMaker attacker = TokenMaker::generate(Algorithm::kEs256, "attacker");
  const std::string jwk = attacker.public_jwk();
  for (const std::string& member :
       {R"("jwk":)" + jwk, std::string(R"("jku":"http://127.0.0.1:1/jwks")"), std::string(R"("x5u":"http://127.0.0.1:1/c")"),
        std::string(R"("x5c":["MIIB"])"), std::string(R"("x5t":"AAAA")"), std::string(R"("x5t#S256":"AAAA")")}) {
    for (const std::string_view key_id : {"attacker", "key-1"}) {
      const std::string header = R"({"alg":"ES256","typ":"at+jwt","kid":")" + std::string(key_id) + "\"," + member + "}";
      EXPECT_EQ(check_with(TokenMaker::shared(Algorithm::kEs256), attacker.make(header, payload)), "unsupported") << member;
    }
    // Not even a token of ours may carry one.
    const std::string header = R"({"alg":"HS256","typ":"at+jwt","kid":"key-1",)" + member + "}";
    EXPECT_EQ(check_header(header), "unsupported") << member;
  }
}

TEST_F(Forgery, AKeyIdIsOnlyEverLookedUpInMemory) {
  const auto header = [](const std::string& key_id) { return R"({"alg":"HS256","typ":"at+jwt","kid":)" + key_id + "}"; };
  for (const std::string_view key_id :
       {"../../../../dev/null", "/dev/null", "key-1' OR '1'='1", "x' UNION SELECT 'k' --", "key-1;ls", "|cat /etc/passwd",
        "http://127.0.0.1:1/", "KEY-1", "key-1 ", " key-1", "key", "*", "%00", "${jndi:ldap://127.0.0.1:1/}"}) {
    EXPECT_EQ(check_header(header(quote(key_id))), "unknown_key") << key_id;
  }
  EXPECT_EQ(check_header(header(R"("key-1\u0000")")), "unknown_key");
  EXPECT_EQ(check_header(header(R"("key-1\u0000x")")), "unknown_key");
  EXPECT_EQ(check_header(header(R"("")")), "malformed");
  EXPECT_EQ(check_header(header(quote(std::string(128, 'k')))), "unknown_key");
  EXPECT_EQ(check_header(header(quote(std::string(129, 'k')))), "malformed");
  EXPECT_EQ(check_header(header(quote(std::string(1 << 20, 'k')))), "malformed");
  for (const std::string key_id : {"1", "null", "true", "[\"key-1\"]", "{\"kid\":\"key-1\"}"}) {
    EXPECT_EQ(check_header(header(key_id)), "malformed") << key_id;
  }
  EXPECT_EQ(check_header(R"({"alg":"HS256","typ":"at+jwt"})"), "malformed");
  EXPECT_EQ(check_header(R"({"alg":"HS256","typ":"at+jwt","kid":"key-1","kid":"key-1"})"), "malformed");
  EXPECT_EQ(check_header(R"({"alg":"HS256","typ":"at+jwt","kid":"key-1","\u006bid":"other"})"), "malformed");
}

TEST_F(Forgery, PsychicSignatureIsRefused) {
  const TokenMaker& key = TokenMaker::shared(Algorithm::kEs256);
  const auto segments = split_token(key.make(payload));
  EXPECT_EQ(check_with(key, segments[0] + "." + segments[1] + "." + encode(std::string(64, '\0'))), "bad_signature");
}

TEST_F(Forgery, NoByteOfThePayloadIsParsedBeforeTheSignatureIsRight) {
  const TokenMaker other = TokenMaker::generate(Algorithm::kHs256);
  EXPECT_EQ(check(other.make(maker.header(), "not json")), "bad_signature");
  EXPECT_EQ(check(maker.make(maker.header(), "not json")), "malformed");
}

TEST_F(Forgery, ARetiredKeyIsUnknown) {
  EXPECT_EQ(check(maker.make(payload)), "good");
  keys = TokenMaker::generate(Algorithm::kHs256, "key-2").key_set();
  EXPECT_EQ(check(maker.make(payload)), "unknown_key");
}

}  // namespace
}  // namespace rescind
