// A program of its own, for it counts every allocation.
#include "http/verify_conditions.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace {
std::uint64_t allocations = 0;
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace rescind {
namespace {

const std::chrono::sys_seconds kNow{std::chrono::seconds(1'700'000'000)};

Claims make_claims() {
  Claims claims;
  static constexpr std::string_view kRoles[] = {"editor", "a b", "a-role-whose-name-is-longer-than-any-small-string"};
  claims.roles = kRoles;
  claims.scope = "read  write:all";
  claims.auth_time = kNow - std::chrono::seconds(60);
  return claims;
}

struct ConditionCase {
  const char* query;
  ErrorCode refused = ErrorCode::kInternal;  // kInternal: all are met
};

class ConditionTable : public testing::TestWithParam<ConditionCase> {};

TEST_P(ConditionTable, EveryConditionMustBeMet) {
  const Result<void> met = check_conditions(make_claims(), GetParam().query, kNow);
  EXPECT_EQ(met ? ErrorCode::kInternal : met.error().code, GetParam().refused) << GetParam().query;
}

constexpr auto kRole = ErrorCode::kInsufficientRole;
constexpr auto kScope = ErrorCode::kInsufficientScope;
constexpr auto kAge = ErrorCode::kReauthenticationRequired;
constexpr auto kBad = ErrorCode::kInvalidRequest;

INSTANTIATE_TEST_SUITE_P(
    Queries, ConditionTable,
    testing::Values(ConditionCase{""}, ConditionCase{"&&"}, ConditionCase{"role=editor"}, ConditionCase{"role=a+b&role=a%20b"},
                    ConditionCase{"scope=read&scope=write%3Aall"}, ConditionCase{"max_age=60"},
                    ConditionCase{"max_age=4294967295"}, ConditionCase{"role=editor&scope=read&max_age=61"},
                    // One that is not met, in any place.
                    ConditionCase{"role=admin", kRole}, ConditionCase{"role=", kRole}, ConditionCase{"role", kRole},
                    ConditionCase{"role=Editor", kRole}, ConditionCase{"role=editor&role=admin", kRole},
                    ConditionCase{"role=admin&role=editor", kRole}, ConditionCase{"role=editor,admin", kRole},
                    ConditionCase{"scope=write", kScope}, ConditionCase{"scope=", kScope},
                    ConditionCase{"scope=read+write:all", kScope}, ConditionCase{"scope=read&scope=none&scope=read", kScope},
                    ConditionCase{"max_age=59", kAge}, ConditionCase{"max_age=0", kAge},
                    ConditionCase{"max_age=60&max_age=59", kAge}, ConditionCase{"max_age=59&max_age=60", kAge},
                    ConditionCase{"role=editor&max_age=1", kAge},
                    // What is not understood.
                    ConditionCase{"max_age=", kBad}, ConditionCase{"max_age", kBad}, ConditionCase{"max_age=-1", kBad},
                    ConditionCase{"max_age=1.5", kBad}, ConditionCase{"max_age=+60", kBad},
                    ConditionCase{"max_age=%36%30", kBad}, ConditionCase{"max_age=60s", kBad},
                    ConditionCase{"max_age=4294967296", kBad}, ConditionCase{"maxage=60", kBad},
                    ConditionCase{"Role=editor", kBad}, ConditionCase{"r%6Fle=editor", kBad},
                    ConditionCase{"role=editor&x=1", kBad}, ConditionCase{"=1", kBad}, ConditionCase{"role=%", kBad},
                    ConditionCase{"role=editor&role=%zz", kBad}, ConditionCase{"role=editor%00", kBad}));

TEST(Conditions, ATokenThatDoesNotSayWhenItsUserSignedInHasNoAge) {
  Claims claims = make_claims();
  claims.auth_time.reset();
  const Result<void> met = check_conditions(claims, "max_age=4294967295", kNow);
  ASSERT_FALSE(met);
  EXPECT_EQ(met.error().code, kAge);
  EXPECT_EQ(met.error().max_age, std::chrono::seconds(4294967295));
}

TEST(Conditions, AreBoundedInNumber) {
  std::string query;
  for (int i = 0; i < 32; ++i) query += "role=editor&";
  EXPECT_TRUE(check_conditions(make_claims(), query, kNow));
  EXPECT_FALSE(check_conditions(make_claims(), query + "role=editor", kNow));
}

TEST(Conditions, CostNoAllocationWhereTheyAreMet) {
  const Claims claims = make_claims();
  const std::string_view query =
      "role=a%2Drole-whose-name-is-longer-than-any-small-string&role=a+b&scope=write:all&max_age=3600";
  const std::uint64_t before = allocations;
  bool is_met = true;
  for (int i = 0; i < 1000; ++i) is_met = is_met && check_conditions(claims, query, kNow);
  const std::uint64_t after = allocations;
  EXPECT_TRUE(is_met);
  EXPECT_EQ(after, before);
  const Result<void> refused = check_conditions(claims, "role=nobody", kNow);  // its message is one: the counter counts
  EXPECT_FALSE(refused);
  EXPECT_GT(allocations, after);
}

}  // namespace
}  // namespace rescind
