// A refresh and a revocation at the same time: whatever the order, once the revocation is acknowledged no token of the
// session is good and no refresh passes.
#include <gtest/gtest.h>

#include "tests/testing/race_tally.h"
#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

struct Round {
  ServiceUnderTest& service;
  TokenPair first;
  std::vector<TokenPair> minted;  // by one task each, so each has its place
  std::string broken;
};

Task<int> refresh_twice(Round& round, std::size_t place) {
  Secret token = round.first.refresh_token;
  for (int i = 0; i < 2; ++i) {
    Result<TokenPair> answer = co_await round.service.sessions().refresh(token, "192.0.2.9");
    if (!answer) co_return 0;
    token = answer->refresh_token;
    round.minted[place + static_cast<std::size_t>(i)] = std::move(*answer);
  }
  co_return 0;
}

// What must hold from the acknowledgement on, asked in the moment after it.
Task<int> expect_ended(Round& round) {
  if (round.service.refusal(round.first) != ErrorCode::kTokenRevoked) round.broken = "the first token is not refused";
  Secret token = round.first.refresh_token;
  const Result<TokenPair> answer = co_await round.service.sessions().refresh(token, "192.0.2.9");
  if (answer) round.broken = "a refresh passed";
  co_return 0;
}

Task<int> log_out(Round& round) {
  Actor actor{"192.0.2.7", round.first.user.id};
  const Result<void> done = co_await round.service.sessions().log_out(round.first.session.id, std::move(actor));
  if (!done) {
    round.broken = "the log-out failed";
    co_return 0;
  }
  co_await expect_ended(round);
  co_return 0;
}

Task<int> log_out_all(Round& round) {
  Actor actor{"192.0.2.7", round.first.user.id};
  std::optional<SessionId> keep;
  UserId user = round.first.user.id;
  const auto done = co_await round.service.sessions().log_out_all(std::move(user), keep, std::move(actor));
  if (!done) {
    round.broken = "the log-out failed";
    co_return 0;
  }
  co_await expect_ended(round);
  co_return 0;
}

// What is wrong once all are answered; empty where nothing of the session is good.
std::string judge(Round& round) {
  if (!round.broken.empty()) return round.broken;
  for (const TokenPair& pair : round.minted) {
    if (pair.access_token.empty()) continue;
    if (round.service.refusal(pair) != ErrorCode::kTokenRevoked) return "a token is good";
    if (round.service.refresh(pair)) return "a refresh passed later";
  }
  return "";
}

void race(ServiceUnderTest& service, Task<int> (*revoke)(Round&), RaceTally&& tally) {
  for (int i = 0; i < kRaceRounds; ++i) {
    Round round{service, service.adopt("ada" + std::to_string(i % 100)), std::vector<TokenPair>(4), {}};
    std::vector<Task<int>> tasks;
    tasks.push_back(refresh_twice(round, 0));
    tasks.push_back(revoke(round));
    tasks.push_back(refresh_twice(round, 2));
    if (i % 3 == 1) std::swap(tasks[0], tasks[1]);
    if (i % 3 == 2) std::swap(tasks[1], tasks[2]);
    run_all(std::move(tasks), 2);
    tally.count_round(judge(round));
  }
}

TEST(RefreshVersusRevokeRace, NoTokenSurvivesALogOutInTheMemoryStore) {
  ServiceUnderTest service;
  race(service, log_out, RaceTally("refresh/revoke", "memory"));
}

TEST(RefreshVersusRevokeRace, NoTokenSurvivesALogOutInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  ServiceUnderTest service({}, open_sqlite_store(directory));
  race(service, log_out, RaceTally("refresh/revoke", "sqlite"));
}

TEST(RefreshVersusRevokeRace, NoTokenSurvivesALogOutEverywhereInTheMemoryStore) {
  ServiceUnderTest service;
  race(service, log_out_all, RaceTally("refresh/revoke all", "memory"));
}

TEST(RefreshVersusRevokeRace, NoTokenSurvivesALogOutEverywhereInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  ServiceUnderTest service({}, open_sqlite_store(directory));
  race(service, log_out_all, RaceTally("refresh/revoke all", "sqlite"));
}

Task<int> adopt_more(Round& round) {
  Result<TokenPair> answer = co_await round.service.sessions().adopt(adopt_request(round.first.user.id.text));
  if (answer) round.minted[0] = std::move(*answer);
  co_return 0;
}

// A log-in that meets a log-out everywhere is on one side of it: signed in and good, or ended and refused.
TEST(LogInVersusLogOutEverywhereRace, ASessionIsAliveExactlyWhereItsTokenIsGood) {
  ServiceUnderTest service;
  for (int i = 0; i < kRaceRounds; ++i) {
    Round round{service, service.adopt("ada"), std::vector<TokenPair>(1), {}};
    std::vector<Task<int>> tasks;
    tasks.push_back(i % 2 == 0 ? adopt_more(round) : log_out_all(round));
    tasks.push_back(i % 2 == 0 ? log_out_all(round) : adopt_more(round));
    run_all(std::move(tasks), 2);
    ASSERT_EQ(round.broken, "");
    ASSERT_EQ(service.refresh(round.minted[0]).has_value(), service.is_good(round.minted[0])) << "round " << i;
  }
}

}  // namespace
}  // namespace rescind
