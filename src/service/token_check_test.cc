#include "service/token_check.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

constexpr std::chrono::milliseconds kAccessLifetime{900'000};
constexpr std::chrono::milliseconds kLeeway{5'000};

class TokenCheckTest : public ::testing::Test {
 protected:
  const TokenCheck& check() const { return server.parts->check; }
  std::string metric(const std::string& name) {
    const std::string text = server.parts->metrics.render();
    const std::size_t at = text.find("\n" + name + " ");
    return at == text.npos ? "none" : text.substr(at + name.size() + 2, text.find('\n', at + 1) - at - name.size() - 2);
  }

  ServiceUnderTest server;
  const TokenPair pair = server.adopt("user-1");
};

TEST_F(TokenCheckTest, ChecksASignatureOnceAThreadAndCountsThatForAllOfThem) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(check().check(pair.access_token));
  std::thread([&] {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(check().check(pair.access_token));
  }).join();
  EXPECT_EQ(metric("rescind_token_cache_hits_total"), "4");
  EXPECT_EQ(metric("rescind_token_cache_misses_total"), "2");
}

TEST_F(TokenCheckTest, ARememberedTokenIsRefusedOnceItsSessionIsRevoked) {
  ASSERT_TRUE(check().check(pair.access_token));
  ASSERT_TRUE(server.log_out(pair));
  EXPECT_EQ(server.refusal(pair), ErrorCode::kTokenRevoked);
  EXPECT_TRUE(check().identify(pair.access_token));
}

TEST_F(TokenCheckTest, ARememberedTokenExpires) {
  ASSERT_TRUE(check().check(pair.access_token));
  server.pass_time(kAccessLifetime + kLeeway - std::chrono::milliseconds(1'000));
  EXPECT_TRUE(check().check(pair.access_token));
  server.pass_time(std::chrono::milliseconds(1'000));
  EXPECT_EQ(server.refusal(pair), ErrorCode::kTokenExpired);
}

TEST_F(TokenCheckTest, ARememberedTokenIsNoAnswerWhenTheLeaseHasRunOut) {
  ASSERT_TRUE(check().check(pair.access_token));
  server.clock.advance(std::chrono::milliseconds(5'001));
  EXPECT_EQ(server.refusal(pair), ErrorCode::kVerifierStale);
}

TEST_F(TokenCheckTest, AKeyThatWasTakenAwayVouchesForNothingFromThenOn) {
  ASSERT_TRUE(check().check(pair.access_token));
  server.parts->check.replace_keys(KeySet());
  EXPECT_EQ(server.refusal(pair), ErrorCode::kInvalidToken);
  EXPECT_FALSE(check().identify(pair.access_token));
  server.parts->check.replace_keys(server.keys.get()->verification_keys());
  EXPECT_TRUE(check().check(pair.access_token));
}

TEST_F(TokenCheckTest, NoThreadBelievesAKeyOnceItIsGone) {
  constexpr int kThreads = 4;
  std::atomic<bool> is_gone{false};
  std::latch have_checked(kThreads);
  std::atomic<int> believed_late{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      if (!check().check(pair.access_token)) ++believed_late;
      have_checked.count_down();
      for (bool done = false; !done;) {
        done = is_gone.load();
        if (check().check(pair.access_token).has_value() && done) ++believed_late;
      }
    });
  }
  have_checked.wait();
  server.parts->check.replace_keys(KeySet());
  is_gone.store(true);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(believed_late, 0);
}

}  // namespace
}  // namespace rescind
