// One passkey challenge presented twice at the same time: one of the two signs in.
#include <gtest/gtest.h>

#include "tests/testing/passkey_parts.h"
#include "tests/testing/race_tally.h"

namespace rescind {
namespace {

const ServicePolicy kUnlimited{.session = {.max_per_user = 2},
                               .log_in = {.pair = {}, .account = {}, .address = {.free_attempts = 1'000'000'000}}};

// `count_of` gives the counter that the authenticator shows in each round.
void present_twice(PasskeysUnderTest& world, std::string_view store, std::uint32_t (*count_of)(int round)) {
  RaceTally tally("one challenge", store);
  auto data = world.device.registration_data();
  data.sign_count = 0;
  world.service.adopt("ada");
  const testing::ClientDataText made(PasskeyCeremony::kRegistration, world.begin_registration("ada").value());
  ASSERT_EQ(code_of(world.finish_registration("ada", world.device.make_registration(made.text(), data.text()))), "ok");
  for (int round = 0; round < kRaceRounds; ++round) {
    const AuthenticationResponse answer = world.answer("ada", world.begin_log_in(), count_of(round));
    std::vector<Task<Result<TokenPair>>> tasks;
    tasks.push_back(world.log_in(answer, "192.0.2.1"));
    tasks.push_back(world.log_in(answer, "192.0.2.2"));
    const auto outcomes = run_all(std::move(tasks), 2);
    const int wins = outcomes[0].has_value() + outcomes[1].has_value();
    tally.count_round(wins == 1 ? "" : std::to_string(wins) + " of two signed in");
  }
}

std::uint32_t never_counts(int) { return 0; }
std::uint32_t counts(int round) { return static_cast<std::uint32_t>(round) + 1; }

TEST(PasskeyChallengeRace, OneOfTwoSignsInWhereNothingCountsInTheMemoryStore) {
  PasskeysUnderTest world(kUnlimited);
  present_twice(world, "memory", never_counts);
}

TEST(PasskeyChallengeRace, OneOfTwoSignsInWhereNothingCountsInTheEmbeddedStore) {
  const TemporaryDirectory directory;
  PasskeysUnderTest world(kUnlimited, open_sqlite_store(directory));
  present_twice(world, "sqlite", never_counts);
}

TEST(PasskeyChallengeRace, OneOfTwoSignsInWhereTheAuthenticatorCounts) {
  PasskeysUnderTest world(kUnlimited);
  present_twice(world, "memory", counts);
}

}  // namespace
}  // namespace rescind
