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

#include "token/key_file.h"
#include "token/test_random.h"

namespace rescind {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

// A directory of its own for each test, gone afterwards.
class KeyRingFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "rescind-keys-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
    path_ = directory_ + "/keys.json";
  }
  void TearDown() override { fs::remove_all(directory_); }

  Result<KeyRing> load(Algorithm algorithm = Algorithm::kEs256, const std::optional<Secret>& secret = std::nullopt) {
    return KeyRing::load_or_create(directory_, algorithm, secret, random_);
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

  std::string directory_;
  std::string path_;
  CountingRandom random_;
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
  EXPECT_EQ(first->refresh_key().reveal(), second->refresh_key().reveal());
  EXPECT_EQ(first->refresh_key().size(), 32u);
  EXPECT_EQ(second->verification_keys().size(), 1u);
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
  EXPECT_EQ(file.at("refresh_key").as_string().size(), 43u);
  EXPECT_EQ(file.at("signing_keys").as_array().size(), 1u);
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
  changed("refresh_key", json::string(std::string(42, 'A')));
  changed("refresh_key", json::string(std::string(44, 'A')));
  changed("refresh_key", json::string(std::string(42, 'A') + "B"));
  changed("signing_keys", json::array{1});
  changed("signing_keys", json::array{json::object{{"kty", "EC"}}});
  json::array twice = file.at("signing_keys").as_array();
  twice.push_back(twice[0]);
  changed("signing_keys", twice);
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
  const std::string d(file.at("signing_keys").at(0).at("d").as_string());
  const std::string refresh(file.at("refresh_key").as_string());
  file["signing_keys"].as_array()[0].as_object()["x"] = d;
  write(json::serialize(file));
  const auto ring = load();
  ASSERT_FALSE(ring);
  EXPECT_EQ(ring.error().message.find(d), std::string::npos);
  EXPECT_EQ(ring.error().message.find(refresh), std::string::npos);
}

TEST_F(KeyRingFile, AnHmacSecretBelow32BytesInItIsRefused) {
  write(R"({"version":1,"refresh_key":")" + std::string(43, 'A') +
        R"(","signing_keys":[{"kty":"oct","alg":"HS256","kid":"a","k":"AAAA"}]})");
  expect_refused("32 bytes");
}

TEST_F(KeyRingFile, ANewAlgorithmAddsAKeyAndTheOldOneGoesOnVerifying) {
  const auto before = load(Algorithm::kEs256);
  ASSERT_TRUE(before);
  const auto after = load(Algorithm::kEdDsa);
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->signing_key().algorithm(), Algorithm::kEdDsa);
  EXPECT_EQ(after->verification_keys().size(), 2u);
  EXPECT_NE(after->verification_keys().find(before->signing_key().key_id()), nullptr);
  EXPECT_EQ(after->refresh_key().reveal(), before->refresh_key().reveal());
  const auto back = load(Algorithm::kEs256);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->signing_key().key_id(), before->signing_key().key_id());
  EXPECT_EQ(back->verification_keys().size(), 2u);
}

TEST_F(KeyRingFile, TheNewestKeyOfTheAlgorithmSigns) {
  const auto older = SigningKey::generate(Algorithm::kEs256, random_);
  const auto newer = SigningKey::generate(Algorithm::kEs256, random_);
  const auto other = SigningKey::generate(Algorithm::kEdDsa, random_);
  write(std::string(format_key_file({Secret(std::string(32, 'r')), {*other, *newer, *older}}).reveal()));
  const auto ring = load(Algorithm::kEs256);
  ASSERT_TRUE(ring) << ring.error().message;
  EXPECT_EQ(ring->signing_key().key_id(), newer->key_id());
  EXPECT_EQ(ring->verification_keys().size(), 3u);
}

TEST_F(KeyRingFile, AnOperatorsSecretSignsAndStandsInNoFile) {
  const std::string secret = "an operator's secret of more than 32 bytes";
  const auto ring = load(Algorithm::kHs256, Secret(secret));
  ASSERT_TRUE(ring) << ring.error().message;
  EXPECT_EQ(ring->signing_key().algorithm(), Algorithm::kHs256);
  EXPECT_EQ(ring->signing_key().key_id(), SigningKey::from_hmac_secret(Secret(secret))->key_id());
  EXPECT_EQ(json::parse(read()).at("signing_keys").as_array().size(), 0u);
  const auto again = load(Algorithm::kHs256, Secret(secret));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->refresh_key().reveal(), ring->refresh_key().reveal());
}

TEST_F(KeyRingFile, AnOperatorsSecretThatIsWeakOrForAnotherAlgorithmIsRefusedAndNothingIsWritten) {
  EXPECT_FALSE(load(Algorithm::kHs256, Secret(std::string(31, 's'))));
  EXPECT_FALSE(load(Algorithm::kEs256, Secret(std::string(32, 's'))));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(KeyRingFile, TwoThatStartAtOnceAgreeOnOneSetOfKeys) {
  for (int round = 0; round < 20; ++round) {
    std::string ids[2];
    std::thread threads[2];
    for (int i = 0; i < 2; ++i) {
      threads[i] = std::thread([&, i] {
        SystemRandom random;
        auto ring = KeyRing::load_or_create(directory_, Algorithm::kEdDsa, std::nullopt, random);
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
  std::string pattern = testing::TempDir() + "rescind-keys-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  for (const Algorithm algorithm : {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kPs256, Algorithm::kHs256}) {
    const auto ring = KeyRing::load_or_create(pattern, algorithm, std::nullopt, random);
    ASSERT_TRUE(ring) << ring.error().message;
    const json::array keys = json::parse(ring->jwks_json()).at("keys").as_array();
    for (const json::value& key : keys) {
      EXPECT_NE(key.at("kty"), "oct");
      for (const char* name : {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}) EXPECT_FALSE(key.as_object().contains(name));
    }
  }
  const auto ring = KeyRing::load_or_create(pattern, Algorithm::kHs256, std::nullopt, random);
  EXPECT_EQ(json::parse(ring->jwks_json()).at("keys").as_array().size(), 3u);
  const auto published = KeySet::from_jwks(ring->jwks_json());
  ASSERT_TRUE(published);
  EXPECT_EQ(published->size(), 3u);
  fs::remove_all(pattern);
}

TEST(KeyRing, OfAnHmacSecretPublishesAnEmptySet) {
  CountingRandom random;
  EXPECT_EQ(KeyRing::generate(Algorithm::kHs256, random)->jwks_json(), R"({"keys":[]})");
}

}  // namespace
}  // namespace rescind
