#include "webauthn/ecdsa_signature.h"

#include <gtest/gtest.h>

#include <string>

#include "verify/sha256.h"

namespace rescind {
namespace {

std::string integer(std::string_view bytes) {
  return std::string("\x02") + static_cast<char>(bytes.size()) + std::string(bytes);
}
std::string sequence(const std::string& content) { return std::string("\x30") + static_cast<char>(content.size()) + content; }
bool accepts(const std::string& der) { return parse_ecdsa_signature(as_bytes(der)).has_value(); }

TEST(EcdsaSignature, IsTwoIntegersRightAligned) {
  const std::string small = "\x01";
  const std::string large = std::string("\0\xff", 2) + std::string(31, 'x');
  const std::string der = sequence(integer(small) + integer(large));
  const auto signature = parse_ecdsa_signature(as_bytes(der));
  ASSERT_TRUE(signature);
  EXPECT_EQ(as_text(*signature), std::string(31, '\0') + "\x01" + large.substr(1));
}

TEST(EcdsaSignature, HasOneEncoding) {
  const std::string one = integer("\x01");
  const std::string zero = integer(std::string(1, '\0'));
  EXPECT_TRUE(accepts(sequence(one + one)));
  EXPECT_TRUE(accepts(sequence(zero + zero)));  // in range or not is the check's business
  EXPECT_TRUE(accepts(sequence(integer(std::string(32, '\x7f')) + one)));
  const std::string long_length = std::string("\x30\x81") + static_cast<char>(6) + one + one;
  const std::string indefinite = std::string("\x30\x80", 2) + one + one + std::string(2, '\0');
  const std::string cases[] = {
      "",
      "\x30",
      sequence(""),
      sequence(one),
      sequence(one + one + one),
      sequence(one + one) + "x",
      sequence(one + one).substr(0, 7),
      sequence(integer("") + one),
      sequence(one + integer("")),
      sequence(one + "\x02"),
      sequence(one + "\x02\x01"),
      sequence(one + "\x02\x02\x01"),
      sequence(integer("\x80") + one),                          // negative
      sequence(integer(std::string("\0\x01", 2)) + one),        // a zero too many
      sequence(integer(std::string("\0\0\x80", 3)) + one),      // two
      sequence(integer(std::string(33, '\x01')) + one),         // too long
      sequence(integer('\0' + std::string(33, '\x80')) + one),  // too long
      "\x31" + sequence(one + one).substr(1),
      sequence("\x03" + one.substr(1) + one),
      long_length,
      indefinite,
      std::string(64, '\x01'),  // r || s
  };
  for (const std::string& der : cases) EXPECT_FALSE(accepts(der)) << ::testing::PrintToString(der);
}

}  // namespace
}  // namespace rescind
