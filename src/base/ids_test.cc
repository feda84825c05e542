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

}  // namespace
}  // namespace rescind
