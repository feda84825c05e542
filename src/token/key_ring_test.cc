#include "token/key_ring.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "tests/testing/temporary_directory.h"
#include "token/key_file.h"
#include "token/test_random.h"

namespace rescind {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

// A directory of its own for each test.
class KeyRingFile : public testing::Test {
 protected:
  Result<KeyRing> load(std::optional<Algorithm> algorithm = Algorithm::kEs256, const OperatorSecrets& secrets = {}) {
    return KeyRing::load_or_create(KeyPlace{directory_, master_}, KeyPolicy{.algorithm = algorithm}, secrets, now_, random_);
  }
  std::string read() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  void write(const std::string& text) const {
    std::ofstream(path_, std::ios::trunc) << text;
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
  }
  void expect_refused(std::string_view reason) {
    const std::string before = read();
    const auto ring = load();
    ASSERT_FALSE(ring) << reason;
    EXPECT_NE(ring.error().message.find(reason), std::string::npos) << ring.error().message;
    EXPECT_EQ(read(), before);
  }

  TemporaryDirectory temporary_;
  std::string directory_ = temporary_.path().string();
  const std::string path_ = temporary_.file("keys.json");
  WallTime now_{std::chrono::hours(1)};
  CountingRandom random_;
  MasterSecrets master_;
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST_F(KeyRingFile, IsMadeAtFirstStartAndReadAtTheNext) {
  const auto first = load();
  ASSERT_TRUE(first) << first.error().message;
  const auto second = load();
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(first->signing_key().key_id(), second->signing_key().key_id());
  EXPECT_TRUE(second->refresh_tokens().decode(first->refresh_tokens().encode({}).reveal()));
  EXPECT_EQ(second->verification_keys().size(), 2u);
}

TEST_F(KeyRingFile, IsMadeForItsOwnerOnlyWhateverTheUmask) {
  const mode_t before = ::umask(0);
  const auto ring = load();
  ::umask(before);
  ASSERT_TRUE(ring);
  EXPECT_EQ(mode_of(path_), 0600u);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 1);  // no temporary file stays
}

TEST_F(KeyRingFile, HasTheDocumentedForm) {
  ASSERT_TRUE(load());
  const json::object file = json::parse(read()).as_object();
  EXPECT_EQ(file.size(), 3u);
  EXPECT_EQ(file.at("version"), 1);
  const json::array refresh_keys = file.at("refresh_keys").as_array();
  ASSERT_EQ(refresh_keys.size(), 1u);
  EXPECT_EQ(refresh_keys[0].at("key").as_string().size(), 43u);
  EXPECT_EQ(refresh_keys[0].at("made_at"), now_.time_since_epoch().count());
  const json::array signing_keys = file.at("signing_keys").as_array();
  ASSERT_EQ(signing_keys.size(), 2u);
  EXPECT_EQ(signing_keys[0].at("state"), "active");
  EXPECT_EQ(signing_keys[0].at("active_at"), now_.time_since_epoch().count());
  EXPECT_EQ(signing_keys[0].at("published_at"), now_.time_since_epoch().count());
  EXPECT_EQ(signing_keys[0].at("jwk").at("alg"), "ES256");
  EXPECT_EQ(signing_keys[1].at("state"), "next");
  EXPECT_FALSE(signing_keys[1].as_object().contains("active_at"));
}

TEST_F(KeyRingFile, IsWrittenBackAsItWasRead) {
  KeyPolicy policy{.algorithm = Algorithm::kEdDsa};
  auto keys = settle_keys({}, policy, now_, random_).value()->keys;
  keys = rotate_keys(keys, policy, RotationPace::kAtOnce, now_ + std::chrono::hours(1), random_).value()->keys;
  const Secret text = format_key_file(keys, {}, random_);
  const auto read_again = parse_key_file(text, {});
  ASSERT_TRUE(read_again) << read_again.error().message;
  EXPECT_EQ(read_again->keys.signing_keys.size(), 3u);
  EXPECT_EQ(read_again->keys.refresh_keys.size(), 2u);
  EXPECT_EQ(format_key_file(read_again->keys, {}, random_).reveal(), text.reveal());
}

TEST_F(KeyRingFile, ThatOthersCanReachIsRefused) {
  ASSERT_TRUE(load());
  for (const mode_t mode : {0640, 0604, 0660, 0644, 0610, 0601, 0620, 0602, 0777}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    expect_refused("0600");
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
  EXPECT_TRUE(load());
}

TEST_F(KeyRingFile, OfAnotherUserIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_TRUE(load());
  ASSERT_EQ(::chown(path_.c_str(), 12345, static_cast<gid_t>(-1)), 0);
  expect_refused("another user");
}

TEST_F(KeyRingFile, BehindASymbolicLinkIsRefused) {
  ASSERT_TRUE(load());
  const std::string real = directory_ + "/real.json";
  fs::rename(path_, real);
  fs::create_symlink(real, path_);
  expect_refused("symbolic link");
  fs::remove(real);  // dangling: must not be taken for "no file" and replaced
  EXPECT_FALSE(load());
  EXPECT_TRUE(fs::is_symlink(path_));
}

TEST_F(KeyRingFile, ThatIsNoRegularFileIsRefused) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  const auto fifo = load();
  ASSERT_FALSE(fifo);
  EXPECT_NE(fifo.error().message.find("regular"), std::string::npos);
  fs::remove(path_);
  fs::create_directory(path_);
  EXPECT_FALSE(load());
}

TEST_F(KeyRingFile, ATemporaryFileOrLinkLeftByACrashIsNotFollowed) {
  const std::string elsewhere = directory_ + "/elsewhere";
  fs::create_symlink(elsewhere, directory_ + "/keys.json.new");
  ASSERT_TRUE(load());
  EXPECT_FALSE(fs::exists(elsewhere));
  EXPECT_FALSE(fs::is_symlink(path_));
}

TEST_F(KeyRingFile, OfAnyOtherFormIsRefusedAndLeftAsItIs) {
  ASSERT_TRUE(load());
  const std::string good = read();
  const json::object file = json::parse(good).as_object();
  std::vector<std::string> bad = {
      "", "{}", "[]", "null", "{", good + good, good + "x", good.substr(0, good.size() / 2), "\xef\xbb\xbf" + good};
  for (const auto& [name, value] : file) {
    json::object without = file;
    without.erase(name);
    bad.push_back(json::serialize(without));
    json::object with_null = file;
    with_null[name] = nullptr;
    bad.push_back(json::serialize(with_null));
  }
  const auto changed = [&](const char* name, json::value value) {
    json::object other = file;
    other[name] = std::move(value);
    bad.push_back(json::serialize(other));
  };
  changed("comment", "x");
  changed("version", 2);
  changed("version", "1");
  changed("version", 1.5);
  changed("refresh_keys", json::array());
  changed("signing_keys", json::array{1});
  changed("signing_keys", json::array{json::object{{"kty", "EC"}}});
  const auto altered = [&](const char* list, std::size_t at, const char* name, json::value value) {
    json::object other = file;
    json::object& key = other[list].as_array().at(at).as_object();
    if (value.is_null()) {
      key.erase(name);
    } else {
      key[name] = std::move(value);
    }
    bad.push_back(json::serialize(other));
  };
  for (const std::size_t characters : {0, 42, 44}) altered("refresh_keys", 0, "key", json::string(characters, 'A'));
  altered("refresh_keys", 0, "key", json::string(std::string(42, 'A') + "B"));  // not canonical
  altered("refresh_keys", 0, "retired_at", 1);                                  // no current one
  for (const char* name : {"key", "made_at"}) altered("refresh_keys", 0, name, nullptr);
  for (const char* list : {"refresh_keys", "signing_keys"}) {
    altered(list, 0, "comment", "x");
    for (const json::value& time : {json::value(-1), json::value(1.5), json::value("1"), json::value(std::int64_t{1} << 54)}) {
      altered(list, 0, "retired_at", time);
    }
  }
  for (const char* name : {"jwk", "state", "published_at"}) altered("signing_keys", 0, name, nullptr);
  altered("signing_keys", 0, "state", "retired");  // without its times
  altered("signing_keys", 0, "state", "Active");
  altered("signing_keys", 0, "state", "next");    // two of them
  altered("signing_keys", 1, "state", "active");  // likewise
  altered("signing_keys", 0, "active_at", nullptr);
  for (const char* list : {"refresh_keys", "signing_keys"}) {
    json::object other = file;
    json::array& keys = other[list].as_array();
    keys.push_back(keys[0]);
    bad.push_back(json::serialize(other));
  }
  std::string doubled = good;
  bad.push_back(doubled.insert(1, "\"version\":1,"));
  for (const std::string& text : bad) {
    write(text);
    expect_refused("keys.json");
  }
  write(good);
  EXPECT_TRUE(load());
}

TEST_F(KeyRingFile, TooLongIsRefused) {
  write(std::string(kMaxKeyFileBytes + 1, ' '));
  expect_refused("too long");
}

TEST_F(KeyRingFile, NoRefusalShowsAKey) {
  ASSERT_TRUE(load());
  json::object file = json::parse(read()).as_object();
  json::object& jwk = file["signing_keys"].as_array()[0].as_object()["jwk"].as_object();
  const std::string d(jwk.at("d").as_string());
  const std::string refresh(file.at("refresh_keys").at(0).at("key").as_string());
  jwk["x"] = d;
  write(json::serialize(file));
  const auto ring = load();
  ASSERT_FALSE(ring);
  EXPECT_EQ(ring.error().message.find(d), std::string::npos);
  EXPECT_EQ(ring.error().message.find(refresh), std::string::npos);
}

TEST_F(KeyRingFile, AnHmacSecretBelow32BytesInItIsRefused) {
  write(R"({"version":1,"refresh_keys":[{"key":")" + std::string(43, 'A') +
        R"(","made_at":1}],"signing_keys":[{"state":"next","published_at":1,)"
        R"("jwk":{"kty":"oct","alg":"HS256","kid":"a","k":"AAAA"}}]})");
  expect_refused("32 bytes");
}

TEST_F(KeyRingFile, AnotherAlgorithmIsPublishedFirstAndSignsLater) {
  const auto before = load(Algorithm::kEs256);
  ASSERT_TRUE(before);
  const std::string old_id = before->signing_key().key_id();
  const auto published = load(Algorithm::kEdDsa);
  ASSERT_TRUE(published) << published.error().message;
  EXPECT_EQ(published->signing_key().key_id(), old_id);
  EXPECT_NE(published->jwks_json().find("EdDSA"), std::string::npos);
  now_ += KeyPolicy{}.publish_ahead;
  const auto after = load(Algorithm::kEdDsa);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->signing_key().algorithm(), Algorithm::kEdDsa);
  EXPECT_NE(after->verification_keys().find(old_id), nullptr);
}

TEST_F(KeyRingFile, AnOperatorsSecretSignsAndStandsInNoFile) {
  const auto before = load();
  const Secret secret("an operator's secret of more than 32 bytes");
  const auto ring = load(std::nullopt, {.current = secret});
  ASSERT_TRUE(ring) << ring.error().message;
  EXPECT_EQ(ring->signing_key().algorithm(), Algorithm::kHs256);
  EXPECT_EQ(ring->signing_key().key_id(), SigningKey::from_hmac_secret(secret)->key_id());
  EXPECT_EQ(read().find(std::string(ring->signing_key().key_id())), std::string::npos);
  EXPECT_TRUE(ring->refresh_tokens().decode(before->refresh_tokens().encode({}).reveal()));
  EXPECT_NE(ring->verification_keys().find(before->signing_key().key_id()), nullptr) << "its tokens are alive yet";
  EXPECT_EQ(find_key(ring->server_keys(), KeyState::kNext), nullptr);
}

TEST_F(KeyRingFile, AnOperatorsFormerSecretVerifiesAndDoesNotSign) {
  const Secret former(std::string(32, 'f'));
  const Secret current(std::string(32, 'c'));
  const std::string former_id = SigningKey::from_hmac_secret(former)->key_id();
  const auto same_algorithm = load(std::nullopt, {.current = current, .previous = {former}});
  ASSERT_TRUE(same_algorithm) << same_algorithm.error().message;
  EXPECT_EQ(same_algorithm->signing_key().key_id(), SigningKey::from_hmac_secret(current)->key_id());
  EXPECT_NE(same_algorithm->verification_keys().find(former_id), nullptr);
  const auto another_algorithm = load(Algorithm::kEs256, {.previous = {former}});
  ASSERT_TRUE(another_algorithm);
  EXPECT_EQ(another_algorithm->signing_key().algorithm(), Algorithm::kEs256);
  EXPECT_NE(another_algorithm->verification_keys().find(former_id), nullptr);
  EXPECT_EQ(load()->verification_keys().find(former_id), nullptr);
}

TEST_F(KeyRingFile, AnOperatorsSecretThatIsWeakOrStandsTwiceIsRefusedAndNothingIsWritten) {
  const Secret good(std::string(32, 's'));
  const Secret weak(std::string(31, 's'));
  EXPECT_FALSE(load(std::nullopt, {.current = weak}));
  EXPECT_FALSE(load(Algorithm::kEs256, {.previous = {weak}}));
  EXPECT_FALSE(load(std::nullopt, {.current = good, .previous = {good}}));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(KeyRingFile, WithAMasterSecretIsSealedAtTheNextStartAndShowsNothing) {
  const auto unsealed = load();
  const std::string id = unsealed->signing_key().key_id();
  master_.current = Secret(std::string(32, 'm'));
  ASSERT_TRUE(load());
  EXPECT_EQ(read().find(id), std::string::npos);
  EXPECT_EQ(read().find("signing_keys"), std::string::npos);
  EXPECT_NE(read().find("sealed"), std::string::npos);
  EXPECT_EQ(mode_of(path_), 0600u);
  const std::string sealed = read();
  const auto again = load();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->signing_key().key_id(), id);
  EXPECT_EQ(read(), sealed) << "and is not written for nothing";
}

TEST_F(KeyRingFile, SealedIsRefusedWithoutItsSecretAndLeftAsItIs) {
  master_.current = Secret(std::string(32, 'm'));
  ASSERT_TRUE(load());
  const MasterSecrets right = std::exchange(master_, {});
  expect_refused("keys.master_secret_file or RESCIND_MASTER_SECRET is needed");
  master_.current = Secret(std::string(32, 'n'));
  expect_refused("another master secret");
  master_.previous = Secret(std::string(32, 'o'));
  expect_refused("another master secret");
  master_ = right;
  EXPECT_TRUE(load());
}

TEST_F(KeyRingFile, SealedAndAlteredIsRefused) {
  master_.current = Secret(std::string(32, 'm'));
  ASSERT_TRUE(load());
  const std::string good = read();
  const std::size_t begin = good.find("\"sealed\":\"") + 10;
  for (std::size_t at = begin; at < begin + 60; ++at) {
    std::string altered = good;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    write(altered);
    expect_refused("keys.json");
  }
  for (const char* text : {R"({"version":1,"sealed":""})", R"({"version":1,"sealed":1})", R"({"version":2,"sealed":"AAAA"})",
                           R"({"sealed":"AAAA"})", R"({"version":1,"sealed":"AAAA","x":1})", R"({"version":1,"sealed":"A"})"}) {
    write(text);
    expect_refused("keys.json");
  }
}

TEST_F(KeyRingFile, AnExchangedMasterSecretSealsItAnew) {
  master_.current = Secret(std::string(32, '1'));
  const std::string id = load()->signing_key().key_id();
  master_ = {.current = Secret(std::string(32, '2')), .previous = master_.current};
  ASSERT_TRUE(load());
  master_.previous.reset();
  const auto after = load();
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->signing_key().key_id(), id);
}

TEST_F(KeyRingFile, TwoThatStartAtOnceAgreeOnOneSetOfKeys) {
  for (int round = 0; round < 20; ++round) {
    std::string ids[2];
    std::thread threads[2];
    for (int i = 0; i < 2; ++i) {
      threads[i] = std::thread([&, i] {
        SystemRandom random;
        auto ring =
            KeyRing::load_or_create(KeyPlace{directory_, master_}, KeyPolicy{.algorithm = Algorithm::kEdDsa}, {}, now_, random);
        ids[i] = ring ? ring->signing_key().key_id() : "failed";
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(ids[0], ids[1]);
    EXPECT_NE(ids[0], "failed");
    fs::remove(path_);
  }
}

TEST_F(KeyRingFile, AMissingDirectoryIsAnError) {
  directory_ += "/none";
  EXPECT_FALSE(load());
}

TEST(KeyRing, WhatIsPublishedHoldsNoPrivateMemberAndNoHmacSecret) {
  CountingRandom random;
  ServerKeys keys;
  WallTime now;
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kPs256, Algorithm::kHs256}) {
    const KeyPolicy policy{.algorithm = algorithm, .publish_ahead = std::chrono::seconds(0)};
    auto change = settle_keys(keys, policy, now += std::chrono::seconds(1), random);
    ASSERT_TRUE(change) << change.error().message;
    keys = (*change)->keys;
  }
  const auto ring = KeyRing::create(keys, {});
  const json::array published = json::parse(ring->jwks_json()).at("keys").as_array();
  for (const json::value& key : published) {
    EXPECT_NE(key.at("kty"), "oct");
    for (const char* name : {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}) EXPECT_FALSE(key.as_object().contains(name));
  }
  EXPECT_EQ(published.size(), 3u);
  EXPECT_EQ(KeySet::from_jwks(ring->jwks_json()).value().size(), 3u);
}

TEST(KeyRing, OfAnHmacSecretPublishesAnEmptySet) {
  CountingRandom random;
  EXPECT_EQ(KeyRing::generate(Algorithm::kHs256, random)->jwks_json(), R"({"keys":[]})");
}

}  // namespace
}  // namespace rescind
