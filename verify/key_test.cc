#include "rescind/key.h"

#include <gtest/gtest.h>

#include <openssl/bn.h>
#include <openssl/rsa.h>

#include "rescind/base64url.h"
#include "verify/sha256.h"
#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using namespace testing;

// Whether the key of `jwk` verifies this compact JWS.
bool verifies(std::string_view jwk, std::string_view jws) {
  const auto key = VerificationKey::from_jwk(jwk);
  if (!key) return false;
  const std::size_t dot = jws.rfind('.');
  const auto signature = base64url_decode(jws.substr(dot + 1));
  return signature && key->verify(jws.substr(0, dot), *signature);
}

struct Vector {
  const char* name;
  std::string_view jwk;
  std::string_view jws;
};

// The published keys, with a kid added (and for RSA an alg), and without the private members of the RFCs.
constexpr Vector kVectors[] = {
    {"RFC 7515 A.1 HS256",
     R"({"kid":"a1","kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})",
     "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
     "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
    {"RFC 7515 A.2 RS256",
     R"({"kid":"a2","alg":"RS256","kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})",
     "eyJhbGciOiJSUzI1NiJ9."
     "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
     "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQ"
     "jbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt"
     "FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
    {"RFC 7515 A.3 ES256",
     R"({"kid":"a3","kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
     "eyJhbGciOiJFUzI1NiJ9."
     "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
     "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
    {"RFC 8037 A.4 EdDSA", R"({"kid":"a4","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
     "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
     "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"},
};

TEST(VerificationKey, VerifiesThePublishedVectors) {
  for (const Vector& vector : kVectors) EXPECT_TRUE(verifies(vector.jwk, vector.jws)) << vector.name;
}

TEST(VerificationKey, RefusesThePublishedVectorsWithAnyBitOfTheSignatureFlipped) {
  for (const Vector& vector : kVectors) {
    const auto key = VerificationKey::from_jwk(vector.jwk);
    ASSERT_TRUE(key) << vector.name;
    const std::size_t dot = vector.jws.rfind('.');
    auto signature = *base64url_decode(vector.jws.substr(dot + 1));
    for (std::size_t i = 0; i < signature.size(); ++i) {
      signature[i] ^= static_cast<std::uint8_t>(1 << i % 8);
      EXPECT_FALSE(key->verify(vector.jws.substr(0, dot), signature)) << vector.name << i;
      signature[i] ^= static_cast<std::uint8_t>(1 << i % 8);
    }
  }
}

TEST(VerificationKey, VerifiesWhatTheMakerSignsAndNothingElse) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const TokenMaker& maker = TokenMaker::shared(algorithm);
    const VerificationKey key = maker.key();
    EXPECT_EQ(key.algorithm(), algorithm);
    EXPECT_EQ(key.key_id(), "key-1");
    const std::string signature = maker.sign("text");
    EXPECT_TRUE(key.verify("text", as_bytes(signature))) << to_string(algorithm);
    EXPECT_FALSE(key.verify("Text", as_bytes(signature))) << to_string(algorithm);
    EXPECT_FALSE(key.verify("", as_bytes(signature))) << to_string(algorithm);
    EXPECT_FALSE(key.verify("text", {})) << to_string(algorithm);
    EXPECT_FALSE(key.verify("text", as_bytes(signature + '\0'))) << to_string(algorithm);
    EXPECT_FALSE(key.verify("text", as_bytes('\0' + signature))) << to_string(algorithm);
    EXPECT_FALSE(key.verify("text", as_bytes(signature).subspan(1))) << to_string(algorithm);
    EXPECT_FALSE(key.verify("text", as_bytes(signature).first(signature.size() - 1))) << to_string(algorithm);
    EXPECT_FALSE(key.verify("text", as_bytes(std::string(signature.size(), '\0')))) << to_string(algorithm);
    EXPECT_FALSE(key.verify("text", as_bytes(std::string(signature.size(), '\xff')))) << to_string(algorithm);
  }
}

TEST(VerificationKey, PemAndJwkOfOneKeyVerifyTheSame) {
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kPs256}) {
    const TokenMaker& maker = TokenMaker::shared(algorithm);
    const auto key = VerificationKey::from_public_pem(maker.public_pem(), algorithm, "pem");
    ASSERT_TRUE(key) << to_string(algorithm);
    EXPECT_TRUE(key->verify("text", as_bytes(maker.sign("text"))));
    EXPECT_EQ(key->key_id(), "pem");
  }
}

// RFC 7518 section 3.5.
TEST(VerificationKey, Ps256TakesOnlyASaltAsLongAsTheDigest) {
  const TokenMaker& maker = TokenMaker::shared(Algorithm::kPs256);
  const VerificationKey key = maker.key();
  for (const int salt_bytes : {0, 20, 31, 32, 33, 64, 222}) {
    EXPECT_EQ(key.verify("text", as_bytes(maker.sign_pss("text", salt_bytes))), salt_bytes == 32) << salt_bytes;
  }
}

TEST(VerificationKey, Ps256AndRs256DoNotVerifyEachOthersSignatures) {
  const TokenMaker& rs256 = TokenMaker::shared(Algorithm::kRs256);
  const auto as_ps256 = VerificationKey::from_public_pem(rs256.public_pem(), Algorithm::kPs256, "k");
  ASSERT_TRUE(as_ps256);
  EXPECT_FALSE(as_ps256->verify("text", as_bytes(rs256.sign("text"))));
  const TokenMaker& ps256 = TokenMaker::shared(Algorithm::kPs256);
  const auto as_rs256 = VerificationKey::from_public_pem(ps256.public_pem(), Algorithm::kRs256, "k");
  ASSERT_TRUE(as_rs256);
  EXPECT_FALSE(as_rs256->verify("text", as_bytes(ps256.sign("text"))));
}

TEST(VerificationKey, APemMustBeOfTheAlgorithmsKind) {
  for (const Algorithm one : {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256}) {
    const std::string pem = TokenMaker::shared(one).public_pem();
    for (const Algorithm other : {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kHs256}) {
      const auto key = VerificationKey::from_public_pem(pem, other, "k");
      EXPECT_EQ(key.has_value(), one == other);
      if (one != other) {
        EXPECT_EQ(key.error(), KeyError::kUnsupported);
      }
    }
  }
}

TEST(VerificationKey, APemIsOneBlockAndNothingElse) {
  const std::string pem = TokenMaker::shared(Algorithm::kEs256).public_pem();
  EXPECT_TRUE(VerificationKey::from_public_pem("\n" + pem + "\n", Algorithm::kEs256, "k"));
  for (const std::string& text : {std::string(), std::string("x"), "junk\n" + pem, pem + "junk", pem + pem,
                                  pem.substr(0, pem.size() / 2), pem.substr(5)}) {
    const auto key = VerificationKey::from_public_pem(text, Algorithm::kEs256, "k");
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error(), KeyError::kMalformed);
  }
}

TEST(VerificationKey, AnHmacSecretBelow32BytesIsWeak) {
  const std::string secret(32, 's');
  EXPECT_TRUE(VerificationKey::from_hmac_secret(as_bytes(secret), "k"));
  for (const std::size_t size : {0, 1, 16, 31}) {
    const auto key = VerificationKey::from_hmac_secret(as_bytes(secret).first(size), "k");
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error(), KeyError::kWeak);
  }
}

TEST(VerificationKey, APublicKeyIsNoHmacSecret) {
  const std::string pem = TokenMaker::shared(Algorithm::kRs256).public_pem();
  for (const std::string& secret : {pem, " " + pem, "\n\n" + pem}) {
    EXPECT_FALSE(VerificationKey::from_hmac_secret(as_bytes(secret), "k"));
  }
}

TEST(VerificationKey, AKeyIdHasOneTo128Bytes) {
  const std::string secret(32, 's');
  EXPECT_TRUE(VerificationKey::from_hmac_secret(as_bytes(secret), std::string(128, 'k')));
  for (const std::string& key_id : {std::string(), std::string(129, 'k')}) {
    EXPECT_EQ(VerificationKey::from_hmac_secret(as_bytes(secret), key_id).error(), KeyError::kInvalidKeyId);
    EXPECT_EQ(VerificationKey::from_public_pem("", Algorithm::kEs256, key_id).error(), KeyError::kInvalidKeyId);
  }
}

TEST(KeySet, FindsByKeyIdOnly) {
  const auto keys = KeySet::from_keys(
      {TokenMaker::generate(Algorithm::kHs256, "a").key(), TokenMaker::generate(Algorithm::kEs256, "b").key()});
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->size(), 2u);
  EXPECT_EQ(keys->find("a")->algorithm(), Algorithm::kHs256);
  EXPECT_EQ(keys->find("b")->algorithm(), Algorithm::kEs256);
  for (const std::string_view key_id : {"", "A", "a ", "c", "ab"}) EXPECT_EQ(keys->find(key_id), nullptr);
  EXPECT_EQ(keys->find(std::string_view("a\0", 2)), nullptr);
  EXPECT_EQ(KeySet().find("a"), nullptr);
}

TEST(KeySet, RefusesTwoKeysWithOneId) {
  const auto keys =
      KeySet::from_keys({TokenMaker::generate(Algorithm::kHs256).key(), TokenMaker::generate(Algorithm::kEs256).key()});
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error(), KeyError::kDuplicateKeyId);
}

TEST(KeySet, RefusesMoreKeysThanItsBound) {
  std::vector<VerificationKey> keys;
  for (std::size_t i = 0; i < kMaxKeysInSet; ++i)
    keys.push_back(TokenMaker::generate(Algorithm::kHs256, std::to_string(i)).key());
  EXPECT_TRUE(KeySet::from_keys(keys));
  keys.push_back(TokenMaker::generate(Algorithm::kHs256, "one more").key());
  EXPECT_FALSE(KeySet::from_keys(keys));
}

}  // namespace
}  // namespace rescind
