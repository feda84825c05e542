#include "token/refresh_token.h"

#include <gtest/gtest.h>

#include <limits>

#include "rescind/base64url.h"
#include "token/test_random.h"
#include "verify/hmac_sha256.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr std::size_t kTextBytes = 79;  // "rt1." and 56 bytes as base64url

RefreshTokenCodec make_codec(char filler = 'k') { return RefreshTokenCodec(Secret(std::string(kRefreshKeyBytes, filler))); }

RefreshTokenContent make_content(std::uint64_t generation) {
  CountingRandom random;
  return {SessionId::create(random), generation};
}

std::string token_of(const RefreshTokenContent& content) { return std::string(make_codec().encode(content).reveal()); }

TEST(RefreshToken, DecodesToWhatItWasMadeOf) {
  for (const std::uint64_t generation :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x0102030405060708}, std::numeric_limits<std::uint64_t>::max()}) {
    const RefreshTokenContent content = make_content(generation);
    const auto decoded = make_codec().decode(token_of(content));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->session, content.session);
    EXPECT_EQ(decoded->generation, generation);
  }
}

TEST(RefreshToken, HasTheDocumentedForm) {
  const RefreshTokenContent content = make_content(0x0102030405060708);
  const std::string token = token_of(content);
  ASSERT_EQ(token.size(), kTextBytes);
  ASSERT_EQ(token.substr(0, 4), "rt1.");
  std::string authenticated(content.session.bytes.begin(), content.session.bytes.end());
  authenticated += std::string("\x01\x02\x03\x04\x05\x06\x07\x08");
  const std::string message = "rescind-refresh-v1" + authenticated;
  const std::string key(kRefreshKeyBytes, 'k');
  const Sha256Digest tag = HmacSha256(as_bytes(key)).mac_of(message);
  authenticated.append(tag.begin(), tag.end());
  EXPECT_EQ(token.substr(4),
            base64url_encode({reinterpret_cast<const std::uint8_t*>(authenticated.data()), authenticated.size()}));
}

TEST(RefreshToken, TheSameContentGivesTheSameSuccessorAgain) {
  EXPECT_EQ(token_of(make_content(5)), token_of(make_content(5)));
  EXPECT_NE(token_of(make_content(5)), token_of(make_content(6)));
}

TEST(RefreshToken, EverySingleFlippedBitIsRefused) {
  const RefreshTokenCodec codec = make_codec();
  const std::string token = token_of(make_content(5));
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string forged = token;
      forged[i] = static_cast<char>(forged[i] ^ (1 << bit));
      EXPECT_FALSE(codec.decode(forged)) << i << " " << bit;
    }
  }
}

TEST(RefreshToken, EverySingleFlippedBitOfItsBytesIsRefused) {
  const RefreshTokenCodec codec = make_codec();
  const auto bytes = *base64url_decode(token_of(make_content(5)).substr(4));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto forged = bytes;
    forged[bit / 8] = static_cast<std::uint8_t>(forged[bit / 8] ^ (1u << bit % 8));
    EXPECT_FALSE(codec.decode("rt1." + base64url_encode(forged))) << bit;
  }
}

TEST(RefreshToken, NoOtherTextOfTheSameBytesIsTaken) {
  const RefreshTokenCodec codec = make_codec();
  const std::string token = token_of(make_content(5));
  for (int c = 0; c < 256; ++c) {
    std::string twin = token;
    twin.back() = static_cast<char>(c);
    EXPECT_EQ(codec.decode(twin).has_value(), twin == token) << c;
  }
  for (const std::string& twin : {token + "=", token + "==", token + " ", " " + token, token + "\n",
                                  token + std::string(1, '\0'), "rt1.=" + token.substr(4), "rt1." + token.substr(4) + "A"}) {
    EXPECT_FALSE(codec.decode(twin)) << twin;
  }
}

TEST(RefreshToken, TheStandardAlphabetIsRefused) {
  const RefreshTokenCodec codec = make_codec();
  int compared = 0;
  for (std::uint64_t generation = 0; generation < 50; ++generation) {
    std::string twin = token_of(make_content(generation));
    const std::string token = twin;
    for (char& c : twin) c = c == '-' ? '+' : c == '_' ? '/' : c;
    if (twin == token) continue;
    EXPECT_FALSE(codec.decode(twin));
    ++compared;
  }
  EXPECT_GT(compared, 10);
}

TEST(RefreshToken, EveryOtherLengthIsRefused) {
  const RefreshTokenCodec codec = make_codec();
  const std::string token = token_of(make_content(5));
  for (std::size_t length = 0; length < token.size(); ++length) EXPECT_FALSE(codec.decode(token.substr(0, length)));
  for (std::size_t more = 1; more < 20; ++more) EXPECT_FALSE(codec.decode(token + std::string(more, 'A')));
  EXPECT_FALSE(codec.decode(std::string(1 << 20, 'A')));
}

TEST(RefreshToken, AnotherPrefixIsRefused) {
  const RefreshTokenCodec codec = make_codec();
  const std::string body = token_of(make_content(5)).substr(4);
  for (const char* prefix : {"rt2.", "RT1.", "rt1,", "rt1-", "at1.", "", "rt1", "rt1.."}) {
    EXPECT_FALSE(codec.decode(prefix + body)) << prefix;
  }
}

TEST(RefreshToken, AnAccessTokenIsNoRefreshToken) {
  EXPECT_FALSE(make_codec().decode("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJhIn0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST(RefreshToken, AnotherServersTokenIsRefused) {
  const std::string token(make_codec('o').encode(make_content(5)).reveal());
  EXPECT_FALSE(make_codec().decode(token));
}

}  // namespace
}  // namespace rescind
