#include "issuers/jwks_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "issuers/jwks_fetch.h"
#include "issuers/testing/key_set_server.h"
#include "tests/testing/temporary_directory.h"
#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::KeySetServer;
using testing::TokenMaker;

class StandingClock final : public Clock {
 public:
  WallTime wall_now() const override { return WallTime{}; }
  SteadyTime steady_now() const override { return SteadyTime(milliseconds(now_.load())); }
  void advance(milliseconds time) { now_ += time.count(); }

 private:
  std::atomic<std::int64_t> now_{1'000'000};
};

std::string key_set(std::initializer_list<const char*> key_ids) {
  std::string keys;
  for (const char* key_id : key_ids) {
    keys += (keys.empty() ? "" : ",") + TokenMaker::generate(Algorithm::kEs256, key_id).public_jwk();
  }
  return "{\"keys\":[" + keys + "]}";
}

class JwksSourceTest : public ::testing::Test {
 protected:
  JwksSourceTest() { server.answer_ok(key_set({"one"})); }

  JwksPolicy policy() const {
    JwksPolicy policy;
    policy.url = server.url();
    policy.timeout = seconds(2);
    return policy;
  }
  bool has(const char* key_id) const {
    const auto keys = source.find_keys();
    return keys && keys->find(key_id) != nullptr;
  }
  double failures() {
    const std::string text = metrics.render();
    const std::string name = "rescind_jwks_fetches_total{issuer=\"sso\",result=\"failed\"} ";
    const std::size_t at = text.find(name);
    return at == text.npos ? -1 : std::stod(text.substr(at + name.size()));
  }

  KeySetServer server;
  StandingClock clock;
  Metrics metrics;
  Log log{LogLevel::kOff, LogFormat::kText};
  JwksSource source{"sso", policy(), clock, metrics, log};
};

TEST_F(JwksSourceTest, HasNoKeysUntilTheFirstFetch) {
  EXPECT_EQ(source.find_keys(), nullptr);
  EXPECT_TRUE(source.fetch_if_due());
  EXPECT_TRUE(has("one"));
}

TEST_F(JwksSourceTest, IsFetchedAnewAtMaxAgeAndNotBefore) {
  ASSERT_TRUE(source.fetch_if_due());
  clock.advance(minutes(10) - milliseconds(1));
  EXPECT_FALSE(source.fetch_if_due());
  clock.advance(milliseconds(1));
  EXPECT_TRUE(source.fetch_if_due());
  EXPECT_EQ(server.requests(), 2);
}

TEST_F(JwksSourceTest, HasAnotherVersionWheneverItsKeysAreOthers) {
  EXPECT_EQ(source.version(), kNoKeys);
  ASSERT_TRUE(source.fetch_if_due());
  const std::uint64_t first = source.version();
  EXPECT_NE(first, kNoKeys);
  clock.advance(minutes(10));
  ASSERT_TRUE(source.fetch_if_due());
  EXPECT_EQ(source.version(), first) << "the same text brings the same keys";
  server.answer_ok(key_set({"one"}));
  clock.advance(minutes(10));
  ASSERT_TRUE(source.fetch_if_due());
  EXPECT_NE(source.version(), first) << "another key under the same id";
  EXPECT_NE(source.version(), kNoKeys);
  clock.advance(hours(24) - milliseconds(1));
  EXPECT_NE(source.version(), kNoKeys);
  clock.advance(milliseconds(1));
  EXPECT_EQ(source.version(), kNoKeys) << "keys that are too old";
  EXPECT_EQ(source.find_keys(), nullptr);
}

TEST_F(JwksSourceTest, AnUnknownKeyAsksForOneFetchACooldownHoweverManyTokensNameOne) {
  ASSERT_TRUE(source.fetch_if_due());
  EXPECT_EQ(source.ask_for_unknown_key(), KeyOutlook::kNone) << "fetched just now";
  EXPECT_FALSE(source.fetch_if_due());
  clock.advance(seconds(30));
  for (int cooldown = 0; cooldown < 3; ++cooldown) {
    for (int token = 0; token < 100'000; ++token) {
      const KeyOutlook outlook = source.ask_for_unknown_key();
      if (token == 0) {
        EXPECT_EQ(outlook, KeyOutlook::kOnTheWay);
      }
      if (token % 10'000 == 0) source.fetch_if_due();
    }
    EXPECT_EQ(server.requests(), 2 + cooldown);
    EXPECT_EQ(source.ask_for_unknown_key(), KeyOutlook::kNone);
    clock.advance(seconds(30) - milliseconds(1));
    EXPECT_EQ(source.ask_for_unknown_key(), KeyOutlook::kNone) << "a moment before the end of the cooldown";
    clock.advance(milliseconds(1));
  }
}

TEST_F(JwksSourceTest, ASetReplacesTheOneBeforeWhole) {
  ASSERT_TRUE(source.fetch_if_due());
  const auto held = source.find_keys();
  server.answer_ok(key_set({"two"}));
  clock.advance(minutes(10));
  ASSERT_TRUE(source.fetch_if_due());
  EXPECT_FALSE(has("one"));
  EXPECT_TRUE(has("two"));
  EXPECT_NE(held->find("one"), nullptr) << "who holds the set of before is not disturbed";
}

TEST_F(JwksSourceTest, AFailedFetchKeepsTheLastGoodSetUntilMaxStaleAndIsTriedAgainAfterTheCooldown) {
  ASSERT_TRUE(source.fetch_if_due());
  server.answer_with("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
  clock.advance(minutes(10));
  EXPECT_TRUE(source.fetch_if_due());
  EXPECT_EQ(failures(), 1);
  EXPECT_FALSE(source.fetch_if_due()) << "the cooldown is for failures too";
  EXPECT_TRUE(has("one"));
  clock.advance(seconds(30));
  EXPECT_TRUE(source.fetch_if_due());
  EXPECT_EQ(failures(), 2);
  clock.advance(hours(24) - minutes(10) - seconds(30) - milliseconds(1));
  EXPECT_TRUE(has("one")) << "the last moment of max_stale";
  clock.advance(milliseconds(1));
  EXPECT_EQ(source.find_keys(), nullptr);
  server.answer_ok(key_set({"one"}));
  EXPECT_TRUE(source.fetch_if_due());
  EXPECT_TRUE(has("one"));
}

TEST_F(JwksSourceTest, WhatIsNoKeySetIsAFailure) {
  ASSERT_TRUE(source.fetch_if_due());
  const std::string good = key_set({"one"});
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string answers[] = {
      "garbage",
      ok + "Content-Length: 4\r\n\r\nnull",
      ok + "Content-Length: 11\r\n\r\n{\"keys\":[]}",
      ok + "Content-Length: 1000\r\n\r\n" + good,  // ends before it should
      ok + "Content-Length: 1048576\r\n\r\n" + std::string(1 << 20, ' '),
      ok + "\r\n" + good + std::string(1 << 20, ' '),
      ok + "X: " + std::string(kMaxJwksHeaderBytes, 'x') + "\r\n\r\n" + good,
      "HTTP/1.1 404 Not Found\r\nContent-Length: " + std::to_string(good.size()) + "\r\n\r\n" + good,
      "HTTP/1.1 302 Found\r\nLocation: " + server.url("/other") + "\r\nContent-Length: 0\r\n\r\n",
      "",
  };
  int failed = 0;
  for (const std::string& answer : answers) {
    server.answer_with(answer);
    const int requests = server.requests();
    clock.advance(minutes(10));
    ASSERT_TRUE(source.fetch_if_due());
    EXPECT_EQ(failures(), ++failed) << answer.substr(0, 60);
    EXPECT_EQ(server.requests(), requests + 1) << "no redirect is followed, nothing is tried twice";
    EXPECT_TRUE(has("one"));
  }
}

TEST_F(JwksSourceTest, TheThreadFetchesAtOnceAndWhenAsked) {
  source.start();
  for (int i = 0; i < 500 && !has("one"); ++i) std::this_thread::sleep_for(milliseconds(10));
  ASSERT_TRUE(has("one"));
  server.answer_ok(key_set({"two"}));
  clock.advance(seconds(30));
  EXPECT_EQ(source.ask_for_unknown_key(), KeyOutlook::kOnTheWay);
  for (int i = 0; i < 500 && !has("two"); ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_TRUE(has("two"));
  source.stop();
}

TEST_F(JwksSourceTest, StopBreaksOffAFetchThatHangs) {
  server.answer_with("");
  JwksPolicy patient = policy();
  patient.timeout = hours(1);
  JwksSource hanging("sso", patient, clock, metrics, log);
  hanging.start();
  for (int i = 0; i < 500 && server.requests() == 0; ++i) std::this_thread::sleep_for(milliseconds(10));
  ASSERT_EQ(server.requests(), 1);
  EXPECT_EQ(hanging.ask_for_unknown_key(), KeyOutlook::kOnTheWay);
  hanging.stop();  // the test's own time limit is what this would run into
  EXPECT_EQ(hanging.find_keys(), nullptr);
}

class JwksFileTest : public JwksSourceTest {
 protected:
  JwksFileTest() { write(key_set({"one"})); }

  JwksPolicy file_policy() const {
    JwksPolicy policy;
    policy.file = path;
    return policy;
  }
  void write(const std::string& text) const { std::ofstream(path, std::ios::trunc) << text; }
  bool file_has(const char* key_id) const {
    const auto keys = from_file.find_keys();
    return keys && keys->find(key_id) != nullptr;
  }

  TemporaryDirectory directory;
  const std::string path = directory.file("keys.json");
  JwksSource from_file{"sso", file_policy(), clock, metrics, log};
};

TEST_F(JwksFileTest, IsReadBeforeTheThreadStartsAndNotAgainAtOnce) {
  ASSERT_TRUE(from_file.load().has_value());
  EXPECT_TRUE(file_has("one"));
  EXPECT_FALSE(from_file.fetch_if_due());
}

TEST_F(JwksFileTest, IsReadAnewAtMaxAge) {
  ASSERT_TRUE(from_file.load().has_value());
  const std::uint64_t version = from_file.version();
  write(key_set({"two"}));
  clock.advance(minutes(10));
  ASSERT_TRUE(from_file.fetch_if_due());
  EXPECT_FALSE(file_has("one"));
  EXPECT_TRUE(file_has("two"));
  EXPECT_NE(from_file.version(), version);
}

TEST_F(JwksFileTest, IsReadAnewWhenAnUnknownKeyAsks) {
  ASSERT_TRUE(from_file.load().has_value());
  write(key_set({"one", "two"}));
  clock.advance(seconds(30));
  EXPECT_EQ(from_file.ask_for_unknown_key(), KeyOutlook::kOnTheWay);
  ASSERT_TRUE(from_file.fetch_if_due());
  EXPECT_TRUE(file_has("two"));
}

TEST_F(JwksFileTest, TheLastGoodKeysStayWhereTheFileIsBadOrGone) {
  ASSERT_TRUE(from_file.load().has_value());
  const std::string good = key_set({"two"});
  int failed = 0;
  for (const std::string& text :
       {good.substr(0, good.size() / 2), std::string(), std::string(R"({"keys":[]})"), std::string(kMaxKeySetBytes + 1, ' ')}) {
    write(text);
    clock.advance(minutes(10));
    ASSERT_TRUE(from_file.fetch_if_due());
    EXPECT_EQ(failures(), ++failed) << text.substr(0, 20);
    EXPECT_TRUE(file_has("one"));
  }
  std::filesystem::remove(path);
  clock.advance(minutes(10));
  ASSERT_TRUE(from_file.fetch_if_due());
  EXPECT_EQ(failures(), ++failed);
  EXPECT_TRUE(file_has("one"));
}

TEST_F(JwksFileTest, LoadSaysWhatIsWrong) {
  write("{}");
  Result<void, std::string> loaded = from_file.load();
  ASSERT_FALSE(loaded.has_value());
  EXPECT_NE(loaded.error().find("no JWK Set"), std::string::npos) << loaded.error();
  std::filesystem::remove(path);
  loaded = from_file.load();
  ASSERT_FALSE(loaded.has_value());
  EXPECT_EQ(loaded.error(), "the file cannot be read");
  EXPECT_EQ(from_file.find_keys(), nullptr);
  EXPECT_EQ(from_file.version(), kNoKeys);
  EXPECT_EQ(from_file.ask_for_unknown_key(), KeyOutlook::kNone) << "nobody is at it";
}

TEST(JwksFetch, OtherSchemesAndPlainTextBehindHttpsAreRefused) {
  const std::atomic<bool> cancelled{false};
  KeySetServer server;
  server.answer_ok("{}");
  for (const std::string& url : {std::string("file:///etc/hostname"), std::string("ftp://127.0.0.1/x"),
                                 std::string("gopher://127.0.0.1/x"), "https" + server.url().substr(4)}) {
    EXPECT_FALSE(fetch_jwks(url, seconds(2), cancelled)) << url;
  }
  EXPECT_TRUE(fetch_jwks(server.url(), seconds(2), cancelled));
}

}  // namespace
}  // namespace rescind
