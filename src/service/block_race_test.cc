// A log-in and a block at the same time: whichever comes first, once both are answered nobody is signed in.
#include <gtest/gtest.h>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kRounds = 2'000;
#else
constexpr int kRounds = 10'000;
#endif

struct Round {
  ServiceUnderTest& service;
  UserId user;
  std::optional<TokenPair> pair;
  std::optional<ErrorCode> refused;
  bool is_blocked = false;
  bool was_good_after_the_block = false;
};

Task<int> log_in(Round& round) {
  LogIn request{"ada@example.com", Secret("correct horse"), {"device", "agent", "192.0.2.7"}};
  Result<TokenPair> pair = co_await round.service.sessions().log_in(std::move(request));
  if (pair) round.pair = std::move(*pair);
  if (!pair) round.refused = pair.error().code;
  co_return 0;
}

Task<int> block(Round& round) {
  Actor actor{"192.0.2.7", std::nullopt};
  Block block;
  UserId user = round.user;
  const Result<User> blocked =
      co_await round.service.sessions().block_user(std::move(user), std::move(block), std::move(actor));
  round.is_blocked = blocked.has_value();
  co_return 0;
}

// Both sides of the race must be seen, or nothing was raced.
struct Tally {
  int log_in_first = 0;
  int block_first = 0;
};

void race(ServiceUnderTest& service, int rounds) {
  SignUp sign_up{"ada@example.com", Secret("correct horse"), "Ada", {"device", "agent", "192.0.2.7"}};
  const UserId user = run(service.sessions().sign_up(std::move(sign_up)))->user.id;
  Tally tally;
  for (int i = 0; i < rounds; ++i) {
    Round round{service, user, std::nullopt, std::nullopt};
    std::vector<Task<int>> tasks;
    tasks.push_back(log_in(round));
    tasks.push_back(block(round));
    if (i % 2 == 1) std::swap(tasks[0], tasks[1]);
    run_all(std::move(tasks), 2);
    ASSERT_TRUE(round.is_blocked) << "round " << i;
    if (round.pair) {
      ++tally.log_in_first;
      ASSERT_EQ(service.refusal(*round.pair), ErrorCode::kTokenRevoked) << "round " << i;
      ASSERT_EQ(service.refresh(*round.pair).error().code, ErrorCode::kSessionRevoked) << "round " << i;
    } else {
      ++tally.block_first;
      ASSERT_EQ(round.refused, ErrorCode::kUserBlocked) << "round " << i;
    }
    ASSERT_TRUE(run(service.sessions().list(user))->empty()) << "round " << i;
    ASSERT_TRUE(run(service.sessions().unblock_user(user, Actor{"192.0.2.7", std::nullopt}))) << "round " << i;
  }
  EXPECT_EQ(tally.log_in_first + tally.block_first, rounds);
  EXPECT_GT(tally.block_first, 0);
}

TEST(LogInVersusBlockRace, NobodyIsSignedInOnceBothAreAnsweredInTheMemoryStore) {
  ServiceUnderTest service;
  race(service, kRounds);
}

TEST(LogInVersusBlockRace, NobodyIsSignedInOnceBothAreAnsweredInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  ServiceUnderTest service({}, open_sqlite_store(directory));
  race(service, kRounds / 5);
}

}  // namespace
}  // namespace rescind
