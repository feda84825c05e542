#include "base/ids.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace rescind {
namespace {

static_assert(!std::is_convertible_v<SessionId, TokenId>);

TEST(RandomId, TextRoundTrips) {
  SystemRandom random;
  for (int i = 0; i < 1000; ++i) {
    const auto id = SessionId::create(random);
    EXPECT_EQ(id.text().size(), 22u);
    EXPECT_EQ(SessionId::parse(id.text()), id);
  }
}

TEST(RandomId, OnlyTheCanonicalTextParses) {
  const std::string zero = SessionId{}.text();
  ASSERT_EQ(zero, "AAAAAAAAAAAAAAAAAAAAAA");
  for (const char* twin : {
           "AAAAAAAAAAAAAAAAAAAAAB",  // unused bits
           "AAAAAAAAAAAAAAAAAAAAAP",
           "AAAAAAAAAAAAAAAAAAAAAA==",
           "AAAAAAAAAAAAAAAAAAAAAA ",
           " AAAAAAAAAAAAAAAAAAAAA",
           "AAAAAAAAAAAAAAAAAAAAA",
           "AAAAAAAAAAAAAAAAAAAAAAA",
           "AAAAAAAAAAAAAAAAAAAAA+",
           "AAAAAAAAAAAAAAAAAAAAA/",
           "",
       }) {
    EXPECT_FALSE(SessionId::parse(twin)) << twin;
  }
  EXPECT_FALSE(SessionId::parse(std::string_view("AAAAAAAAAAAAAAAAAAAA\0A", 22)));
}

TEST(RandomId, TwoAreDifferent) {
  SystemRandom random;
  std::unordered_set<TokenId> seen;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(seen.insert(TokenId::create(random)).second);
}

// Numbers its bytes, so that one that is given twice, or left out, shows.
class CountingBytes final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    ++draws;
    for (std::uint8_t& byte : out) byte = next_++;
  }
  int draws = 0;

 private:
  std::uint8_t next_ = 1;
};

TEST(RandomAhead, GivesEachByteOnceAndDrawsSeldom) {
  CountingBytes source;
  RandomAhead ahead(source);
  std::uint8_t expected = 1;
  for (int i = 0; i < 128; ++i) {
    for (const std::uint8_t byte : TokenId::create(ahead).bytes) ASSERT_EQ(byte, expected++) << i;
  }
  EXPECT_EQ(source.draws, 2);
}

TEST(RandomAhead, GivesNoByteTwiceWhereTheRestIsTooShort) {
  CountingBytes source;
  RandomAhead ahead(source);
  std::array<std::uint8_t, 1000> most{};
  ahead.fill(most);
  EXPECT_EQ(most.back(), std::uint8_t{1000 % 256});
  std::array<std::uint8_t, 25> more{};  // one more than what is left of 1,024
  ahead.fill(more);
  EXPECT_EQ(more.front(), std::uint8_t{1025 % 256});
}

TEST(RandomAhead, FillsMoreThanItDrawsAtOnce) {
  CountingBytes source;
  RandomAhead ahead(source);
  std::array<std::uint8_t, 3000> bytes{};
  ahead.fill(bytes);
  EXPECT_EQ(bytes.back(), std::uint8_t{3000 % 256});
  EXPECT_EQ(source.draws, 1);
}

}  // namespace
}  // namespace rescind
