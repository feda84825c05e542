#include "base/error.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace rescind {
namespace {

TEST(ErrorCode, EveryCodeHasAStableNameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const std::string_view name = to_string(static_cast<ErrorCode>(i));
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(to_string(ErrorCode::kTokenRevoked), "token_revoked");
  EXPECT_EQ(to_string(ErrorCode::kRefreshReused), "refresh_reused");
}

Result<std::unique_ptr<int>> make(bool works) {
  if (!works) return fail(ErrorCode::kNotFound, "nothing there");
  return std::make_unique<int>(7);
}

TEST(Result, HoldsAValueThatCanOnlyBeMoved) {
  auto result = make(true);
  ASSERT_TRUE(result);
  const std::unique_ptr<int> value = *std::move(result);
  EXPECT_EQ(*value, 7);
}

TEST(Result, HoldsTheReasonWhereThereIsNoValue) {
  const auto result = make(false);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(result.error().message, "nothing there");
}

TEST(Result, OfVoidIsGoodUnlessItHoldsAnError) {
  const Result<void> good;
  const Result<void> bad = fail(ErrorCode::kInternal, "");
  EXPECT_TRUE(good);
  EXPECT_FALSE(bad);
}

TEST(ResultDeathTest, ReadingTheValueThatIsNotThereEndsTheProcess) {
  const auto result = make(false);
  EXPECT_DEATH(static_cast<void>(result.value()), "has_value");
}

}  // namespace
}  // namespace rescind
