#include "service/password_hasher.h"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <ctime>
#include <future>
#include <limits>
#include <optional>
#include <vector>

namespace rescind {
namespace {

using namespace std::string_literals;

const char* const kPassword = "correct horse";

template <class T>
Task<void> keep(Task<Result<T>> task, std::optional<Result<T>>& outcome) {
  auto result = co_await std::move(task);
  outcome = std::move(result);
}

class PasswordHasherTest : public testing::Test {
 protected:
  static PasswordPolicy cheap_policy() {
    PasswordPolicy policy;
    policy.memory_kib = 64;
    policy.iterations = 1;
    policy.max_queued = 3;
    return policy;
  }

  template <class T>
  void start(Task<Result<T>> task, std::optional<Result<T>>& outcome) {
    boost::asio::co_spawn(context_, keep(std::move(task), outcome), boost::asio::detached);
  }
  void run_all() {
    context_.restart();
    context_.run();
  }
  Result<std::string> hash(const std::string& password) {
    std::optional<Result<std::string>> outcome;
    start(hasher_.hash(Secret(password)), outcome);
    run_all();
    return *outcome;
  }
  Result<bool> check(const std::string& password, const std::string& phc) {
    std::optional<Result<bool>> outcome;
    start(hasher_.check(Secret(password), phc), outcome);
    run_all();
    return *outcome;
  }
  bool matches(const std::string& password, const std::string& phc) {
    const auto outcome = check(password, phc);
    EXPECT_TRUE(outcome);
    return outcome && *outcome;
  }

  boost::asio::thread_pool pool_{2};
  boost::asio::io_context context_;
  SystemRandom random_;
  PasswordHasher hasher_{cheap_policy(), pool_.get_executor(), random_};
};

TEST_F(PasswordHasherTest, TheRightPasswordMatchesAndAnotherDoesNot) {
  const std::string phc = *hash(kPassword);
  EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << phc;
  EXPECT_TRUE(matches(kPassword, phc));
  for (const std::string& wrong : {"correct horsf"s, "correct hors"s, "correct horse "s, "Correct horse"s, ""s}) {
    EXPECT_FALSE(matches(wrong, phc)) << wrong;
  }
}

TEST_F(PasswordHasherTest, TheSamePasswordHasAnotherHashEachTime) { EXPECT_NE(*hash(kPassword), *hash(kPassword)); }

TEST_F(PasswordHasherTest, AHashMadeElsewhereMatches) {
  // The reference implementation's command line: salt "somesalt", password "password".
  const std::string phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(matches("password", phc));
  EXPECT_FALSE(matches("passwore", phc));
}

TEST_F(PasswordHasherTest, EveryByteCountsBeyond72) {
  const std::string base(80, 'x');
  const std::string phc = *hash(base + "a");
  EXPECT_TRUE(matches(base + "a", phc));
  EXPECT_FALSE(matches(base + "b", phc));
  EXPECT_FALSE(matches(base, phc));
}

TEST_F(PasswordHasherTest, EveryByteCountsBehindANul) {
  const std::string phc = *hash("password\0one"s);
  EXPECT_TRUE(matches("password\0one"s, phc));
  EXPECT_FALSE(matches("password\0two"s, phc));
  EXPECT_FALSE(matches("password"s, phc));
}

TEST_F(PasswordHasherTest, LengthIsBoundedBeforeAnyHashing) {
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, std::size_t{1025}, std::size_t{1} << 20}) {
    const auto refused = hash(std::string(length, 'a'));
    ASSERT_FALSE(refused) << length;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidRequest);
  }
  EXPECT_TRUE(hash(std::string(8, 'a')));
  EXPECT_TRUE(hash(std::string(1024, 'a')));
}

TEST_F(PasswordHasherTest, ATooLongPasswordIsWrongWhateverIsStored) {
  const std::string phc = *hash(std::string(1024, 'a'));
  EXPECT_TRUE(matches(std::string(1024, 'a'), phc));
  EXPECT_FALSE(matches(std::string(1025, 'a'), phc));
  EXPECT_FALSE(matches(std::string(1 << 20, 'a'), phc));
  EXPECT_FALSE(matches(std::string(1 << 20, 'a'), ""));
  EXPECT_FALSE(matches(std::string(2000, 'a'), *hash("too long")));  // what is hashed in its place
}

TEST_F(PasswordHasherTest, AnUnknownUserIsNeverLetIn) {
  for (const std::string& password : {""s, "password"s, "too long"s, std::string(1024, 'a')}) {
    EXPECT_FALSE(matches(password, "")) << password;
  }
}

TEST_F(PasswordHasherTest, AnAbsurdOrMalformedRowIsRefusedAtOnce) {
  const std::string tail = "$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  for (const std::string& phc : {"$argon2id$v=19$m=4294967295,t=1,p=1" + tail, "$argon2id$v=19$m=8,t=4294967295,p=1" + tail,
                                 "$argon2id$v=19$m=1048576,t=16,p=1" + tail, "$argon2id$v=19$m=99999,t=1,p=9999" + tail,
                                 "$argon2i$v=19$m=64,t=1,p=1" + tail, "plain"s, " "s, std::string(100'000, '$')}) {
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = check("password", phc);
    ASSERT_FALSE(outcome) << phc.substr(0, 60);
    EXPECT_EQ(outcome.error().code, ErrorCode::kInternal);
    EXPECT_EQ(outcome.error().message.find("$"), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
  }
}

// Of all threads of this process, whatever others do meanwhile.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

TEST_F(PasswordHasherTest, AnUnknownUserTakesTheTimeOfAWrongPassword) {
  PasswordPolicy policy;  // the real cost: what is compared must not be noise
  PasswordHasher hasher(policy, pool_.get_executor(), random_);
  std::optional<Result<std::string>> phc;
  start(hasher.hash(Secret(std::string(kPassword))), phc);
  run_all();
  const auto time_of = [&](const std::string& password, const std::string& stored) {
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < 7; ++i) {
      std::optional<Result<bool>> outcome;
      const double begin = cpu_seconds();
      start(hasher.check(Secret(password), stored), outcome);
      run_all();
      best = std::min(best, cpu_seconds() - begin);
      EXPECT_FALSE(**outcome);
    }
    return best;
  };
  const double wrong = time_of("wrong password", **phc);
  for (const double other : {time_of("wrong password", ""), time_of(std::string(2000, 'a'), **phc)}) {
    EXPECT_GT(other, wrong / 2);
    EXPECT_LT(other, wrong * 2);
  }
}

TEST_F(PasswordHasherTest, AFloodIsRefusedAndTheQueueRecovers) {
  const std::string phc = *hash(kPassword);
  for (int round = 0; round < 3; ++round) {
    // Both threads of the pool stand still, so that what comes stays in the queue.
    std::promise<void> gate;
    const std::shared_future<void> opened = gate.get_future().share();
    for (int i = 0; i < 2; ++i) boost::asio::post(pool_, [opened] { opened.wait(); });

    std::vector<std::optional<Result<bool>>> outcomes(10);
    for (auto& outcome : outcomes) start(hasher_.check(Secret(std::string(kPassword)), phc), outcome);
    context_.restart();
    context_.poll();
    std::size_t refused = 0;
    for (const auto& outcome : outcomes) {
      if (!outcome) continue;
      ++refused;
      ASSERT_FALSE(outcome->has_value());
      EXPECT_EQ(outcome->error().code, ErrorCode::kOverloaded);
      EXPECT_TRUE(outcome->error().retry_after);
    }
    EXPECT_EQ(refused, outcomes.size() - cheap_policy().max_queued);
    gate.set_value();
    context_.run();
    for (const auto& outcome : outcomes) EXPECT_TRUE(outcome);
    EXPECT_TRUE(matches(kPassword, phc));
  }
}

}  // namespace
}  // namespace rescind
