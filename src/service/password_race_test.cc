// Log-ins with the old password while it is replaced: once the change is answered, whoever has nothing but the old password is
// signed in nowhere.
#include <gtest/gtest.h>

#include "service/mail_link.h"
#include "tests/testing/race_tally.h"
#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

constexpr const char* kEmail = "ada@example.com";
constexpr int kMaxLogIns = 200;  // of the thief's in one round

const ServicePolicy kUnlimited{.log_in = {.pair = {.free_attempts = 1'000'000'000},
                                          .account = {.free_attempts = 1'000'000'000},
                                          .address = {.free_attempts = 1'000'000'000}}};

std::string password_of(int round) { return "password of round " + std::to_string(round); }

struct Round {
  ServiceUnderTest& service;
  int number = 0;
  TokenPair owner;                // signed in before
  std::vector<TokenPair> thiefs;  // what the thief has got
  std::optional<ErrorCode> refused;
  std::string broken;
};

Task<Result<TokenPair>> log_in(ServiceUnderTest& service, std::string password, std::string address) {
  LogIn request{kEmail, Secret(std::move(password)), {"device", "agent", std::move(address)}};
  co_return co_await service.sessions().log_in(std::move(request));
}

// Until he is refused: one log-in or the other is under way when the password changes.
Task<int> steal(Round& round) {
  for (int i = 0; i < kMaxLogIns && !round.refused; ++i) {
    std::string password = password_of(round.number);
    std::string address = "198.51.100.66";
    Result<TokenPair> pair = co_await log_in(round.service, std::move(password), std::move(address));
    if (!pair) round.refused = pair.error().code;
    if (pair) round.thiefs.push_back(std::move(*pair));
  }
  co_return 0;
}

Task<int> change(Round& round) {
  ChangePassword request{round.owner.user.id, round.owner.session.id, Secret(password_of(round.number)),
                         Secret(password_of(round.number + 1)), "192.0.2.7"};
  Result<SignOutEverywhere> done = co_await round.service.passwords().change(std::move(request));
  if (!done || !done->pair) round.broken = "the change failed";
  if (done && done->pair) round.owner = std::move(*done->pair);
  co_return 0;
}

Task<int> reset(Round& round) {
  UserId id = round.owner.user.id;
  Result<std::optional<User>> user = co_await round.service.failing.find_user(std::move(id));
  const WallTime expires_at = round.service.clock.wall_now() + kResetLinkLifetime;
  MailLink link = create_mail_link(ChallengePurpose::kResetPassword, **user, expires_at, round.service.parts->random);
  Result<void> sent = co_await round.service.failing.create_challenge(std::move(link.challenge));
  Secret fresh(password_of(round.number + 1));
  std::string address = "192.0.2.7";
  Result<void> done = co_await round.service.passwords().reset(std::move(link.token), std::move(fresh), std::move(address));
  if (!sent || !done) round.broken = "the reset failed";
  co_return 0;
}

// What is wrong once both are answered; empty where the thief has nothing.
std::string judge(Round& round, std::size_t sessions_left) {
  if (!round.broken.empty()) return round.broken;
  if (round.refused && round.refused != ErrorCode::kInvalidCredentials) return "refused for another reason";
  for (const TokenPair& pair : round.thiefs) {
    if (round.service.refusal(pair) != ErrorCode::kTokenRevoked) return "the thief's token is good";
    if (round.service.refresh(pair)) return "the thief's session refreshes";
  }
  if (run(round.service.sessions().list(round.owner.user.id))->size() != sessions_left) return "a session is alive";
  return "";
}

void race(ServiceUnderTest& service, Task<int> (*replace)(Round&), std::size_t sessions_left, RaceTally&& tally) {
  SignUp sign_up{kEmail, Secret(password_of(0)), "Ada", {"device", "agent", "192.0.2.7"}};
  TokenPair owner = run(service.sessions().sign_up(std::move(sign_up)))->pair.value();
  int raced = 0;
  for (int i = 0; i < kRaceRounds; ++i) {
    Round round{service, i, std::move(owner), {}, {}, {}};
    std::vector<Task<int>> tasks;
    tasks.push_back(steal(round));
    tasks.push_back(replace(round));
    if (i % 2 == 1) std::swap(tasks[0], tasks[1]);
    run_all(std::move(tasks), 2);
    tally.count_round(judge(round, sessions_left));
    if (!round.thiefs.empty() && round.refused) ++raced;
    owner = std::move(round.owner);
  }
  // Or nothing was raced.
  EXPECT_GT(raced, 0);
}

TEST(LogInVersusPasswordChangeRace, TheOldPasswordOpensNothingPastAChangeInTheMemoryStore) {
  ServiceUnderTest service(kUnlimited);
  race(service, change, 1, RaceTally("log-in/change", "memory"));
}

TEST(LogInVersusPasswordChangeRace, TheOldPasswordOpensNothingPastAChangeInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  ServiceUnderTest service(kUnlimited, open_sqlite_store(directory));
  race(service, change, 1, RaceTally("log-in/change", "sqlite"));
}

TEST(LogInVersusPasswordChangeRace, TheOldPasswordOpensNothingPastAResetInTheMemoryStore) {
  ServiceUnderTest service(kUnlimited);
  race(service, reset, 0, RaceTally("log-in/reset", "memory"));
}

TEST(LogInVersusPasswordChangeRace, TheOldPasswordOpensNothingPastAResetInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  ServiceUnderTest service(kUnlimited, open_sqlite_store(directory));
  race(service, reset, 0, RaceTally("log-in/reset", "sqlite"));
}

// The password is right before and after; that its hash took another form meanwhile is nobody's fault.
TEST(LogInVersusUpgradeRace, WhoeverKnowsThePasswordIsLetIn) {
  ServiceUnderTest service(kUnlimited);
  for (int i = 0; i < 200; ++i) {
    User user;
    user.id = UserId{"imported " + std::to_string(i)};
    user.email = std::to_string(i) + kEmail;
    user.password_hash = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";  // bcrypt
    user.created_at = service.clock.wall_now();
    EventDraft event{EventType::kUserImported, user.id, std::nullopt, "", user.created_at, {}};
    ASSERT_TRUE(run(service.failing.import_user(user, EmailKey{user.email}, std::move(event))));
    std::vector<Task<Result<TokenPair>>> tasks;
    for (int k = 0; k < 4; ++k) {
      LogIn request{user.email, Secret("correct horse"), {"device", "agent", "192.0.2.7"}};
      tasks.push_back(service.sessions().log_in(std::move(request)));
    }
    for (const auto& pair : run_all(std::move(tasks), 2)) ASSERT_TRUE(pair.has_value()) << i << ": " << pair.error().message;
  }
}

Task<int> log_in_once(Round& round) {
  std::string password = password_of(round.number);
  std::string address = "192.0.2.7";
  Result<TokenPair> pair = co_await log_in(round.service, std::move(password), std::move(address));
  if (!pair) round.refused = pair.error().code;
  co_return 0;
}

Task<int> sign_out(ServiceUnderTest& service, UserId user) {
  Actor actor{"192.0.2.7", user};
  std::optional<SessionId> keep;
  auto done = co_await service.sessions().log_out_all(std::move(user), keep, std::move(actor));
  co_return 0;
}

// A sign-out everywhere changes no password: whoever signs in meanwhile is signed in before it or after it, and not refused.
TEST(LogInVersusLogOutEverywhereRace, ARightPasswordIsNotRefused) {
  ServiceUnderTest service(kUnlimited);
  SignUp sign_up{kEmail, Secret(password_of(0)), "Ada", {"device", "agent", "192.0.2.7"}};
  const UserId user = run(service.sessions().sign_up(std::move(sign_up)))->user.id;
  for (int i = 0; i < 1000; ++i) {
    Round round{service, 0, {}, {}, {}, {}};
    std::vector<Task<int>> tasks;
    tasks.push_back(log_in_once(round));
    tasks.push_back(sign_out(service, user));
    run_all(std::move(tasks), 2);
    ASSERT_FALSE(round.refused) << i << ": " << to_string(*round.refused);
  }
}

}  // namespace
}  // namespace rescind
