// What ES256 must refuse besides a wrong signature (RFC 7518 section 3.4, CVE-2022-21449).
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "rescind/key.h"
#include "verify/evp.h"
#include "verify/p256_table.h"
#include "verify/sha256.h"
#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using namespace testing;

constexpr char kOrderHex[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

Bignum number_from_hex(const char* hex) {
  BIGNUM* number = nullptr;
  BN_hex2bn(&number, hex);
  return Bignum(number);
}

std::string bytes_of(const BIGNUM* number) {
  std::string bytes(32, '\0');
  EXPECT_EQ(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), 32), 32);
  return bytes;
}

Bignum number_of(std::string_view bytes) {
  return Bignum(BN_bin2bn(as_bytes(bytes).data(), static_cast<int>(bytes.size()), nullptr));
}

// 0, 1, n - 1, n, n + 1, 2^256 - 1
std::vector<std::string> edge_numbers() {
  std::vector<std::string> numbers{std::string(32, '\0'), std::string(31, '\0') + '\1', std::string(32, '\xff')};
  const Bignum number = number_from_hex(kOrderHex);
  BN_sub_word(number.get(), 1);
  for (int i = 0; i < 3; ++i, BN_add_word(number.get(), 1)) numbers.push_back(bytes_of(number.get()));
  return numbers;
}

// Used so often that a table of its multiples has been made for it, and for its copies.
VerificationKey worn_in(VerificationKey key) {
  const std::string edge = std::string(31, '\0') + '\1';
  for (std::uint32_t i = 0; i <= P256TableInUse::kChecksBefore; ++i) EXPECT_FALSE(key.verify("text", as_bytes(edge + edge)));
  return key;
}

class Es256 : public ::testing::Test {
 protected:
  bool verifies(std::string_view text, std::string_view signature) const {
    const bool is_good = key.verify(text, as_bytes(signature));
    EXPECT_EQ(key_with_table.verify(text, as_bytes(signature)), is_good);
    return is_good;
  }
  bool verifies(std::string_view signature) const { return verifies("text", signature); }
  const TokenMaker& maker = TokenMaker::shared(Algorithm::kEs256);
  const VerificationKey key = maker.key();
  const VerificationKey key_with_table = worn_in(maker.key());
};

TEST_F(Es256, PsychicSignaturesAreRefused) {
  for (const std::string& r : edge_numbers()) {
    for (const std::string& s : edge_numbers()) EXPECT_FALSE(verifies(r + s));
  }
}

TEST_F(Es256, AGoodHalfDoesNotHelpAnEdgeNumber) {
  const std::string good = maker.sign("text");
  ASSERT_TRUE(verifies(good));
  for (const std::string& edge : edge_numbers()) {
    EXPECT_FALSE(verifies(good.substr(0, 32) + edge));
    EXPECT_FALSE(verifies(edge + good.substr(32)));
  }
}

// A private key made for this text so that k = 1 and s = `s` are its signature: d = (s - z) / r.
std::pair<VerificationKey, std::string> key_with_tiny_signature(std::string_view text, unsigned s) {
  const Bignum order = number_from_hex(kOrderHex);
  const Bignum r = number_from_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");  // x of the generator
  const std::unique_ptr<BN_CTX, EvpDeleter<BN_CTX_free>> context(BN_CTX_new());
  const Bignum d(BN_new());
  const Bignum inverse(BN_mod_inverse(nullptr, r.get(), order.get(), context.get()));
  BN_set_word(d.get(), s);
  BN_mod_sub(d.get(), d.get(), number_of(as_text(sha256({text}))).get(), order.get(), context.get());
  BN_mod_mul(d.get(), d.get(), inverse.get(), order.get(), context.get());

  const std::unique_ptr<EC_GROUP, EvpDeleter<EC_GROUP_free>> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  const std::unique_ptr<EC_POINT, EvpDeleter<EC_POINT_free>> point(EC_POINT_new(group.get()));
  const Bignum x(BN_new());
  const Bignum y(BN_new());
  EC_POINT_mul(group.get(), point.get(), d.get(), nullptr, nullptr, context.get());
  EC_POINT_get_affine_coordinates(group.get(), point.get(), x.get(), y.get(), context.get());
  const std::string jwk = R"({"kty":"EC","crv":"P-256","kid":"k","x":")" + encode(bytes_of(x.get())) + R"(","y":")" +
                          encode(bytes_of(y.get())) + R"("})";
  return {*VerificationKey::from_jwk(jwk), bytes_of(r.get())};
}

// A check modulo n would accept s + n, one more text of the same signature.
TEST_F(Es256, SPlusOrderIsRefused) {
  for (unsigned s = 1; s <= 4; ++s) {
    const auto [tiny_key, r] = key_with_tiny_signature("text", s);
    const Bignum sum = number_from_hex(kOrderHex);
    BN_add_word(sum.get(), s);
    for (const bool has_table : {false, true}) {
      if (has_table) worn_in(tiny_key);
      EXPECT_TRUE(tiny_key.verify("text", as_bytes(r + std::string(31, '\0') + static_cast<char>(s))));
      EXPECT_FALSE(tiny_key.verify("text", as_bytes(r + bytes_of(sum.get()))));
    }
  }
}

TEST_F(Es256, TheOtherHalfOfASignatureVerifiesToo) {
  const std::string good = maker.sign("text");
  const Bignum order = number_from_hex(kOrderHex);
  const Bignum s = number_of(good.substr(32));
  BN_sub(s.get(), order.get(), s.get());
  EXPECT_TRUE(verifies(good.substr(0, 32) + bytes_of(s.get())));
}

TEST_F(Es256, OnlyExactly64BytesAreASignature) {
  const std::string good = maker.sign("text");
  EXPECT_FALSE(verifies(good.substr(0, 63)));
  EXPECT_FALSE(verifies(good.substr(1)));
  EXPECT_FALSE(verifies(good + '\0'));
  EXPECT_FALSE(verifies('\0' + good));
  EXPECT_FALSE(verifies('\0' + good.substr(0, 32) + '\0' + good.substr(32)));
  EXPECT_FALSE(verifies(good + good));
  EXPECT_FALSE(verifies(""));
}

TEST_F(Es256, ADerSignatureIsRefused) {
  const std::string good = maker.sign("text");
  const auto integer = [](std::string_view number) {
    const std::string body = (number[0] & 0x80) != 0 ? '\0' + std::string(number) : std::string(number);
    return "\x02" + std::string(1, static_cast<char>(body.size())) + body;
  };
  const std::string body = integer(good.substr(0, 32)) + integer(good.substr(32));
  EXPECT_FALSE(verifies("\x30" + std::string(1, static_cast<char>(body.size())) + body));
}

// Small r and s need fewer bytes than 32 in DER, and a sign byte where the top bit is set: sign until both have occurred.
TEST_F(Es256, SignaturesOfEveryShapeVerify) {
  bool has_short = false;
  bool has_sign = false;
  for (int i = 0; i < 1500 && !(has_short && has_sign && i > 100); ++i) {
    const std::string text = std::to_string(i);
    const std::string signature = maker.sign(text);
    has_short = has_short || signature[0] == 0 || signature[32] == 0;
    has_sign = has_sign || (signature[0] & 0x80) != 0;
    ASSERT_TRUE(verifies(text, signature));
  }
  EXPECT_TRUE(has_short && has_sign);
}

}  // namespace
}  // namespace rescind
