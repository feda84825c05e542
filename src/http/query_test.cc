#include "http/query.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

Result<Query> parse(std::string_view text) {
  Request request;
  request.query = text;
  return Query::parse(request);
}

TEST(Query, WhatIsAskedForIsDecoded) {
  Result<Query> query = parse("email=a%40b.c&since=12&limit=7");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->take_text("email"), "a@b.c");
  EXPECT_EQ(query->take_number("since"), 12u);
  EXPECT_EQ(query->take_limit(), 7u);
  EXPECT_EQ(query->take_text("user"), std::nullopt);
  EXPECT_TRUE(query->finish());
}

TEST(Query, WithoutALimitItIsTheUsualOne) {
  Result<Query> query = parse("");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->take_limit(), 100u);
  EXPECT_TRUE(query->finish());
}

TEST(Query, WhatNobodyTookOrIsThereTwiceIsRefused) {
  for (const char* text : {"usr=a", "user=a&user=b", "user=a&limit=1"}) {
    Result<Query> query = parse(text);
    ASSERT_TRUE(query);
    query->take_text("user");
    const Result<void> finished = query->finish();
    ASSERT_FALSE(finished) << text;
    EXPECT_EQ(finished.error().code, ErrorCode::kInvalidRequest);
  }
}

TEST(Query, NumbersAreDigitsWithinTheirBounds) {
  for (const char* text : {"since=", "since=-1", "since=+1", "since=1x", "since=0x1", "since=9007199254740993", "since=%31 "}) {
    Result<Query> query = parse(text);
    ASSERT_TRUE(query);
    query->take_number("since");
    EXPECT_FALSE(query->finish()) << text;
  }
  for (const char* text : {"limit=0", "limit=1001", "limit=99999999999999999999"}) {
    Result<Query> query = parse(text);
    ASSERT_TRUE(query);
    query->take_limit();
    EXPECT_FALSE(query->finish()) << text;
  }
  Result<Query> greatest = parse("since=9007199254740992&limit=1000");
  EXPECT_EQ(greatest->take_number("since"), std::uint64_t{1} << 53);
  EXPECT_EQ(greatest->take_limit(), 1000u);
}

TEST(Query, WhatIsNoFormIsRefused) {
  for (const char* text : {"a=%", "a=%zz", "=a", "a=%00"}) EXPECT_FALSE(parse(text)) << text;
}

}  // namespace
}  // namespace rescind
