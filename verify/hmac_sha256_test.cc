#include "verify/hmac_sha256.h"

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <string>

#include "verify/sha256.h"

namespace rescind {
namespace {

std::string hex(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    for (const int digit : {byte >> 4, byte & 15}) text += "0123456789abcdef"[digit];
  }
  return text;
}

std::string mac(const std::string& key, const std::string& message) { return hex(HmacSha256(as_bytes(key)).mac_of(message)); }

// RFC 4231 section 4.
TEST(HmacSha256, GivesThePublishedVectors) {
  EXPECT_EQ(mac(std::string(20, '\x0b'), "Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(mac("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(mac(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(mac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(
      mac(std::string(131, '\xaa'),
          "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed "
          "before being used by the HMAC algorithm."),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacSha256, SaysWhatOpensslSaysForEveryLengthOfKeyAndMessage) {
  for (std::size_t size = 0; size <= 200; ++size) {
    const std::string key(size, 'k');
    const std::string message(200 - size, 'm');
    std::array<std::uint8_t, 32> expected{};
    const auto bytes = as_bytes(message);
    ASSERT_NE(HMAC(EVP_sha256(), key.data(), static_cast<int>(size), bytes.data(), bytes.size(), expected.data(), nullptr),
              nullptr);
    EXPECT_EQ(mac(key, message), hex(expected)) << size;
  }
}

}  // namespace
}  // namespace rescind
