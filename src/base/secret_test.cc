#include "base/secret.h"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <type_traits>
#include <utility>

namespace rescind {
namespace {

constexpr const char* kLong = "a secret that does not fit into the string object itself";

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Printable<Secret>);
static_assert(!std::equality_comparable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

// True where none of the bytes that stood at `data` is still what it was.
bool is_wiped(const char* data, std::string_view was) {
  for (std::size_t i = 0; i < was.size(); ++i) {
    if (data[i] == was[i] && was[i] != '\0') return false;
  }
  return true;
}

TEST(Secret, MovingLeavesNothingBehindInAShortOne) {
  Secret source{std::string("hunter2")};
  const char* const place = source.reveal().data();
  const Secret target(std::move(source));
  EXPECT_EQ(target.reveal(), "hunter2");
  EXPECT_TRUE(source.empty());
  EXPECT_TRUE(is_wiped(place, "hunter2"));
}

TEST(Secret, MovingLeavesNothingBehindInALongOne) {
  Secret source{std::string(kLong)};
  const Secret target(std::move(source));
  EXPECT_EQ(target.reveal(), kLong);
  EXPECT_TRUE(source.empty());
}

TEST(Secret, MoveAssignmentWipesTheSourceAndKeepsTheText) {
  Secret source{std::string("hunter2")};
  Secret target{std::string("another")};
  const char* const place = source.reveal().data();
  target = std::move(source);
  EXPECT_EQ(target.reveal(), "hunter2");
  EXPECT_TRUE(source.empty());
  EXPECT_TRUE(is_wiped(place, "hunter2"));
}

TEST(Secret, DestructionWipesTheBytes) {
  alignas(Secret) unsigned char room[sizeof(Secret)];
  auto* secret = new (room) Secret(std::string("hunter2"));
  const char* const place = secret->reveal().data();  // inside `room`, as it is short
  ASSERT_GE(reinterpret_cast<const unsigned char*>(place), room);
  ASSERT_LT(reinterpret_cast<const unsigned char*>(place), room + sizeof room);
  secret->~Secret();
  EXPECT_TRUE(is_wiped(place, "hunter2"));
}

TEST(Secret, AssignmentOfAShorterOneLeavesNoTail) {
  Secret target{std::string("0123456789")};
  const Secret shorter{std::string("ab")};
  target = shorter;
  EXPECT_EQ(target.reveal(), "ab");
  EXPECT_TRUE(is_wiped(target.reveal().data() + 3, "3456789"));
}

TEST(Secret, SelfAssignmentKeepsTheText) {
  Secret secret{std::string(kLong)};
  Secret& same = secret;
  secret = same;
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), kLong);
}

TEST(ConstantTimeEquality, ComparesLengthAndEveryByte) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(equal_in_constant_time("abc"sv, "abc"sv));
  EXPECT_TRUE(equal_in_constant_time(""sv, ""sv));
  EXPECT_FALSE(equal_in_constant_time("abc"sv, "abd"sv));
  EXPECT_FALSE(equal_in_constant_time("abc"sv, "xbc"sv));
  EXPECT_FALSE(equal_in_constant_time("abc"sv, "abcd"sv));
  EXPECT_FALSE(equal_in_constant_time("abc\0"sv, "abc"sv));
}

}  // namespace
}  // namespace rescind
