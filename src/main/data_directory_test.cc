#include "main/data_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

using ::testing::HasSubstr;

class DataDirectoryTest : public ::testing::Test {
 protected:
  std::string path() const { return root_ + "/data"; }
  static unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
  }

  TemporaryDirectory temporary_;
  const std::string root_ = temporary_.path().string();
  SystemRandom random_;
};

TEST_F(DataDirectoryTest, IsMadeForItsOwnerOnly) {
  ASSERT_TRUE(DataDirectory::open(root_ + "/deep/data"));
  EXPECT_EQ(mode_of(root_ + "/deep/data"), 0700u);
}

TEST_F(DataDirectoryTest, TwoServersCannotShareOne) {
  const auto first = DataDirectory::open(path());
  ASSERT_TRUE(first);
  const auto second = DataDirectory::open(path());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("another server is running on " + path()));
}

TEST_F(DataDirectoryTest, IsFreeAgainOnceItsServerIsGone) {
  { ASSERT_TRUE(DataDirectory::open(path())); }
  EXPECT_TRUE(DataDirectory::open(path()));
}

TEST_F(DataDirectoryTest, ThatEverybodyMayWriteToIsRefused) {
  std::filesystem::create_directory(path());
  chmod(path().c_str(), 0777);
  const auto directory = DataDirectory::open(path());
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().message, HasSubstr("chmod 700"));
}

TEST_F(DataDirectoryTest, ThatIsAFileIsRefused) {
  std::ofstream(path()) << "x";
  EXPECT_FALSE(DataDirectory::open(path()));
}

TEST_F(DataDirectoryTest, AdminKeyIsMadeOnceAndReadableByItsOwnerOnly) {
  const auto directory = DataDirectory::open(path());
  ASSERT_TRUE(directory);
  const auto made = directory->load_or_create_admin_key(random_);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->reveal().starts_with("rk1_"));
  EXPECT_EQ(made->size(), 4u + 43u);
  EXPECT_EQ(mode_of(directory->admin_key_path()), 0600u);
  const auto again = directory->load_or_create_admin_key(random_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->reveal(), made->reveal());
}

TEST_F(DataDirectoryTest, AdminKeyThatOthersMayReadIsRefused) {
  const auto directory = DataDirectory::open(path());
  ASSERT_TRUE(directory);
  ASSERT_TRUE(directory->load_or_create_admin_key(random_));
  chmod(directory->admin_key_path().c_str(), 0640);
  const auto again = directory->load_or_create_admin_key(random_);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("chmod 600"));
  EXPECT_THAT(again.error().message, ::testing::Not(HasSubstr("rk1_")));
}

}  // namespace
}  // namespace rescind
