// What ES256 must refuse besides a wrong signature (RFC 7518 section 3.4, CVE-2022-21449).
#include <gtest/gtest.h>

#include "rescind/key.h"
#include "verify/evp.h"
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

class Es256 : public ::testing::Test {
 protected:
  bool verifies(std::string_view signature) const { return key.verify("text", as_bytes(signature)); }
  const TokenMaker& maker = TokenMaker::shared(Algorithm::kEs256);
  VerificationKey key = maker.key();
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

// A check modulo n would accept s + n wherever it still has 256 bits.
TEST_F(Es256, SPlusOrderIsRefused) {
  const Bignum order = number_from_hex(kOrderHex);
  int tried = 0;
  // s + n < 2^256 for one signature in 2^32; so build the case from a tiny s instead: r of a good signature, s = 1..8, + n.
  const std::string good = maker.sign("text");
  for (unsigned small = 1; small <= 8; ++small, ++tried) {
    const Bignum sum(BN_dup(order.get()));
    BN_add_word(sum.get(), small);
    EXPECT_FALSE(verifies(good.substr(0, 32) + bytes_of(sum.get())));
  }
  EXPECT_EQ(tried, 8);
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
    ASSERT_TRUE(key.verify(text, as_bytes(signature)));
  }
  EXPECT_TRUE(has_short && has_sign);
}

}  // namespace
}  // namespace rescind
