#include "rescind/index_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <vector>

#include "rescind/revocation_index.h"
#include "verify/index_format.h"

namespace rescind {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds kExpires{seconds(1'800'000'000)};
constexpr std::uint32_t kLines = 64;

class IndexFileTest : public ::testing::Test {
 protected:
  IndexFileTest() {
    std::string name = (std::filesystem::temp_directory_path() / "rescind-index-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    path = name + "/index";
  }
  ~IndexFileTest() override { std::filesystem::remove_all(directory_); }

  IndexFileError refusal() const {
    const auto reader = IndexFileReader::open(path);
    EXPECT_FALSE(reader);
    return reader ? IndexFileError::kSystem : reader.error();
  }

  std::string path;

 private:
  std::filesystem::path directory_;
};

RevocationKey key_of(int number) { return token_key("issuer", std::to_string(number)); }

Revocation revocation_of(int number, sys_seconds expires = kExpires) {
  return {static_cast<std::uint64_t>(number) + 1, RevocationKind::kToken, key_of(number), 0, expires};
}

bool is_revoked(const RevocationView& view, int number) {
  Claims claims;
  claims.issuer = "issuer";
  const std::string id = std::to_string(number);
  claims.token_id = id;
  TokenKeys keys;
  return view.find_match(claims, keys).has_value();
}

nanoseconds boot_time() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

// A published index with the first `count` tokens.
std::unique_ptr<RevocationIndex> publish(const std::string& path, int count) {
  auto file = IndexFile::create(path, kLines);
  EXPECT_TRUE(file);
  IndexFile& writer = **file;
  auto index = std::make_unique<RevocationIndex>(std::move(*file));
  for (int i = 0; i < count; ++i) EXPECT_TRUE(index->apply(revocation_of(i)));
  EXPECT_TRUE(writer.publish());
  return index;
}

TEST_F(IndexFileTest, AReaderSeesWhatTheWriterAppliesAndPurges) {
  const auto index = publish(path, 10);
  const auto reader = IndexFileReader::open(path);
  ASSERT_TRUE(reader);
  const RevocationView& view = reader->view();
  EXPECT_TRUE(is_revoked(view, 9));
  EXPECT_FALSE(is_revoked(view, 10));
  EXPECT_EQ(view.epoch(), index->epoch());
  for (int i = 10; i < 30'000; ++i) ASSERT_TRUE(index->apply(revocation_of(i, kExpires - seconds(i % 2))));
  for (int i = 0; i < 30'000; ++i) ASSERT_TRUE(is_revoked(view, i));
  EXPECT_EQ(view.size(), 30'000u);
  EXPECT_EQ(view.head(), 30'000u);
  index->purge(kExpires - seconds(1));
  EXPECT_EQ(view.horizon(), kExpires - seconds(1));
  for (int i = 10; i < 30'000; ++i) ASSERT_EQ(is_revoked(view, i), i % 2 == 0);
}

TEST_F(IndexFileTest, IsReadableByTheGroupAndNobodyElse) {
  const auto index = publish(path, 0);
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
  EXPECT_LT(status.st_blocks * 512, 1 << 20) << "an empty index takes hardly any disk";
}

TEST_F(IndexFileTest, IsNotThereBeforeItIsPublishedAndGoneWhereItNeverWas) {
  {
    auto file = IndexFile::create(path, kLines);
    ASSERT_TRUE(file);
    const RevocationIndex index(std::move(*file));
    EXPECT_EQ(refusal(), IndexFileError::kSystem);
    EXPECT_TRUE(std::filesystem::exists(path + ".new"));
  }
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(IndexFileTest, ANewWriterIsNoticedAndTheOldViewGoesStale) {
  auto old_index = publish(path, 5);
  auto reader = IndexFileReader::open(path);
  ASSERT_TRUE(reader);
  const std::uint64_t old_epoch = reader->view().epoch();
  EXPECT_FALSE(*reader->refresh());
  old_index.reset();
  EXPECT_TRUE(is_revoked(reader->view(), 4)) << "a writer that is gone leaves a file that can be read";
  const auto new_index = publish(path, 7);
  EXPECT_FALSE(is_revoked(reader->view(), 6));
  EXPECT_TRUE(*reader->refresh());
  EXPECT_TRUE(is_revoked(reader->view(), 6));
  EXPECT_NE(reader->view().epoch(), old_epoch);
  std::filesystem::remove(path);
  EXPECT_FALSE(reader->refresh());
  EXPECT_TRUE(is_revoked(reader->view(), 6)) << "where there is nothing better, the old view stays";
}

TEST_F(IndexFileTest, TheLeaseIsDeadUntilItIsStampedAndWhenItHasRunOut) {
  const auto index = publish(path, 0);
  const auto reader = IndexFileReader::open(path);
  ASSERT_TRUE(reader);
  EXPECT_FALSE(reader->view().lease_is_live(nanoseconds(0)));
  EXPECT_FALSE(reader->view().lease_is_live(nanoseconds::min()));
  index->stamp_lease(nanoseconds(1000));
  EXPECT_TRUE(reader->view().lease_is_live(nanoseconds(999)));
  EXPECT_FALSE(reader->view().lease_is_live(nanoseconds(1000)));
}

TEST_F(IndexFileTest, WhateverIsNotAWholeIndexOfThisBootIsRefused) {
  EXPECT_EQ(refusal(), IndexFileError::kSystem);
  std::filesystem::create_directory(path);
  EXPECT_EQ(refusal(), IndexFileError::kNotAnIndex);
  std::filesystem::remove(path);
  std::ofstream(path) << "short";
  EXPECT_EQ(refusal(), IndexFileError::kNotAnIndex);
  std::filesystem::resize_file(path, index_block_bytes(kLines));
  EXPECT_EQ(refusal(), IndexFileError::kNotAnIndex);

  publish(path, 3);
  struct Damage {
    std::size_t offset;
    IndexFileError expected;
  };
  for (const Damage& damage :
       {Damage{0, IndexFileError::kNotAnIndex}, Damage{7, IndexFileError::kNotAnIndex},
        Damage{8, IndexFileError::kOtherVersion}, Damage{12, IndexFileError::kDamaged}, Damage{16, IndexFileError::kDamaged},
        Damage{24, IndexFileError::kDamaged}, Damage{40, IndexFileError::kOtherBoot}, Damage{55, IndexFileError::kOtherBoot}}) {
    ASSERT_TRUE(IndexFileReader::open(path));
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(damage.offset));
    const char good = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(damage.offset)).put(static_cast<char>(good ^ 1)).flush();
    EXPECT_EQ(refusal(), damage.expected) << damage.offset;
    file.seekp(static_cast<std::streamoff>(damage.offset)).put(good).flush();
  }
  std::filesystem::resize_file(path, index_block_bytes(kLines) - 4096);
  EXPECT_EQ(refusal(), IndexFileError::kDamaged);
}

// Runs `work` in another process, which is killed when the test is done with it.
template <class Work>
pid_t start_process(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  return child;
}

TEST_F(IndexFileTest, ReadersInAnotherProcessMissNothingAndInventNothing) {
  constexpr int kKept = 1000;
  const auto index = publish(path, kKept);
  const pid_t child = start_process([&] {
    const auto reader = IndexFileReader::open(path);
    if (!reader) ::_exit(2);
    while (reader->view().head() != 1'000'000'000) {
      for (int i = 0; i < kKept; ++i) {
        if (!is_revoked(reader->view(), i)) ::_exit(3);
        if (is_revoked(reader->view(), -1 - i)) ::_exit(4);
      }
    }
  });
  // The tables grow to many times their size and shrink again under the reader's eyes.
  for (int round = 0; round < 4; ++round) {
    std::vector<Revocation> batch;
    for (int i = 0; i < 60'000; ++i) batch.push_back(revocation_of(kKept + i, kExpires - seconds(4 - round)));
    ASSERT_TRUE(index->apply(batch));
    EXPECT_EQ(index->purge(kExpires - seconds(4 - round)), batch.size());
    for (int i = 0; i < 5000; ++i) ASSERT_TRUE(index->apply(revocation_of(i % kKept)));
  }
  Revocation last = revocation_of(0);
  last.seq = 1'000'000'000;
  ASSERT_TRUE(index->apply(last));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(IndexFileTest, AWriterThatIsKilledLeavesAnIndexThatHoldsUntilItsLeaseEnds) {
  const pid_t child = start_process([&] {
    const auto index = publish(path, 1000);
    for (int i = 1000;; ++i) {
      index->stamp_lease(boot_time() + std::chrono::milliseconds(300));
      Revocation next = revocation_of(i % 100'000);
      next.seq = static_cast<std::uint64_t>(i) + 1;
      if (!index->apply(next)) ::_exit(2);
    }
  });
  auto reader = IndexFileReader::open(path);
  for (int tries = 0; !reader && tries < 1000; ++tries) {
    ::usleep(10'000);
    reader = IndexFileReader::open(path);
  }
  ASSERT_TRUE(reader);
  while (reader->view().head() < 20'000) ::usleep(1000);
  // Between two entries the writer stamps the lease, however long the machine lets it wait.
  const std::chrono::nanoseconds seen_at = boot_time();
  const std::uint64_t seen = reader->view().head();
  while (reader->view().head() < seen + 2) ::usleep(1000);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(reader->view().lease_is_live(seen_at + std::chrono::milliseconds(299)));
  const int applied = static_cast<int>(std::min<std::uint64_t>(reader->view().head(), 100'000));
  for (int i = 0; i < applied; ++i) ASSERT_TRUE(is_revoked(reader->view(), i)) << i;
  ::usleep(310'000);
  EXPECT_FALSE(reader->view().lease_is_live(boot_time()));
}

}  // namespace
}  // namespace rescind
