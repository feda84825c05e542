// A log-in and a block at the same time: whichever comes first, once both are answered nobody is signed in.
#include <gtest/gtest.h>

#include "tests/testing/race_tally.h"
#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

struct Round {
  ServiceUnderTest& service;
  UserId user;
  std::optional<TokenPair> pair;
  std::optional<ErrorCode> refused;
  bool is_blocked = false;
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

// What is wrong once both are answered; empty where nobody is signed in.
std::string judge(Round& round) {
  if (!round.is_blocked) return "the block failed";
  if (!round.pair && round.refused != ErrorCode::kUserBlocked) return "refused for another reason";
  if (round.pair && round.service.refusal(*round.pair) != ErrorCode::kTokenRevoked) return "the token is good";
  if (round.pair && round.service.refresh(*round.pair)) return "the session refreshes";
  return run(round.service.sessions().list(round.user))->empty() ? "" : "a session is alive";
}

void race(ServiceUnderTest& service, std::string_view store) {
  SignUp sign_up{"ada@example.com", Secret("correct horse"), "Ada", {"device", "agent", "192.0.2.7"}};
  const UserId user = run(service.sessions().sign_up(std::move(sign_up)))->user.id;
  RaceTally tally("log-in/block", store);
  int blocks_first = 0;
  for (int i = 0; i < kRaceRounds; ++i) {
    Round round{service, user, std::nullopt, std::nullopt};
    std::vector<Task<int>> tasks;
    tasks.push_back(log_in(round));
    tasks.push_back(block(round));
    if (i % 2 == 1) std::swap(tasks[0], tasks[1]);
    run_all(std::move(tasks), 2);
    tally.count_round(judge(round));
    if (!round.pair) ++blocks_first;
    ASSERT_TRUE(run(service.sessions().unblock_user(user, Actor{"192.0.2.7", std::nullopt})));
  }
  // Or nothing was raced.
  EXPECT_GT(blocks_first, 0);
}

TEST(LogInVersusBlockRace, NobodyIsSignedInOnceBothAreAnsweredInTheMemoryStore) {
  ServiceUnderTest service;
  race(service, "memory");
}

TEST(LogInVersusBlockRace, NobodyIsSignedInOnceBothAreAnsweredInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  ServiceUnderTest service({}, open_sqlite_store(directory));
  race(service, "sqlite");
}

}  // namespace
}  // namespace rescind
