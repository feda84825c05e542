// Bit flips and truncation: an error or another value, never a crash. (The sanitizer builds watch this test.)
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "store/sqlite/sqlite_store.h"
#include "tests/durability/script.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

constexpr std::uint64_t kSeed = 20'240'229;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

class DamagedFile : public ::testing::Test {
 protected:
  DamagedFile() {
    options_.path = directory_.file("rescind.db");
    auto opened = SqliteStore::open(options_);
    EXPECT_TRUE(opened.has_value());
    play(make_script(), **opened, 0);
    opened->reset();
    whole_ = read_file(options_.path);
  }

  // True where something was noticed.
  bool survive(const std::string& bytes) {
    for (const auto* suffix : {"-wal", "-shm"}) std::filesystem::remove(options_.path + suffix);
    write_file(options_.path, bytes);
    const auto opened = SqliteStore::open(options_);
    if (!opened) {
      EXPECT_FALSE(opened.error().message.empty());
      return true;
    }
    const auto script = make_script();
    return play(script, **opened, 0).size() < script.size();
  }

  TemporaryDirectory directory_;
  SqliteOptions options_;
  std::string whole_;
};

TEST_F(DamagedFile, BitFlipsNeverCrash) {
  std::mt19937_64 random(kSeed);
  int noticed = 0;
  for (int round = 0; round < 150; ++round) {
    std::string bytes = whole_;
    for (int flip = 0; flip <= round % 40; ++flip) {
      bytes[random() % bytes.size()] ^= static_cast<char>(1 << (random() % 8));
    }
    noticed += survive(bytes) ? 1 : 0;
  }
  EXPECT_GT(noticed, 0);
  EXPECT_FALSE(survive(whole_));
}

TEST_F(DamagedFile, ATruncatedFileIsNoticed) {
  for (std::size_t pages = 1; pages * 4096 < whole_.size(); ++pages) {
    EXPECT_TRUE(survive(whole_.substr(0, pages * 4096))) << pages << " pages";
  }
  for (const std::size_t size : {std::size_t{1}, std::size_t{99}, std::size_t{101}, whole_.size() - 1}) {
    survive(whole_.substr(0, size));
  }
}

}  // namespace
}  // namespace rescind
