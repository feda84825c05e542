#include "main/secret_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rescind {
namespace {

using ::testing::HasSubstr;

class SecretFileTest : public ::testing::Test {
 protected:
  SecretFileTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rescind-secret-XXXXXX").string();
    close(mkstemp(pattern.data()));
    path_ = pattern;
  }
  ~SecretFileTest() override { std::remove(path_.c_str()); }

  Result<Secret> read(const std::string& content, std::size_t least_bytes = 4) {
    std::ofstream(path_, std::ios::binary) << content;
    return read_secret_file(path_, "the secret", SecretRules{least_bytes});
  }

  std::string path_;
};

TEST_F(SecretFileTest, OneLineEndBehindItIsNoPartOfIt) {
  EXPECT_EQ(read("abcd")->reveal(), "abcd");
  EXPECT_EQ(read("abcd\n")->reveal(), "abcd");
  EXPECT_EQ(read("abcd\r\n")->reveal(), "abcd");
  EXPECT_EQ(read("abcd\n\n")->reveal(), "abcd\n");
  EXPECT_EQ(read(std::string("a\0cd", 4))->size(), 4u);
}

TEST_F(SecretFileTest, ThatIsTooShortIsRefusedWithoutShowingIt) {
  const auto secret = read(std::string(31, 'k') + "\n", 32);
  ASSERT_FALSE(secret);
  EXPECT_THAT(secret.error().message, HasSubstr("shorter than 32 bytes"));
  EXPECT_THAT(secret.error().message, ::testing::Not(HasSubstr("kkk")));
  EXPECT_TRUE(read(std::string(32, 'k'), 32));
}

TEST_F(SecretFileTest, ThatIsTooLongIsRefused) {
  EXPECT_TRUE(read(std::string(kMaxSecretBytes, 'k') + "\r\n"));
  EXPECT_FALSE(read(std::string(kMaxSecretBytes + 1, 'k')));
  EXPECT_FALSE(read(std::string(100'000, 'k')));
}

TEST_F(SecretFileTest, ThatIsMissingOrADirectoryIsNamed) {
  const auto missing = read_secret_file(path_ + "x", "the secret", SecretRules{});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("the secret in " + path_ + "x"));
  EXPECT_FALSE(read_secret_file("/tmp", "the secret", SecretRules{}));
}

TEST(AdminKey, IsVisibleAscii) {
  EXPECT_TRUE(check_admin_key(Secret("0123456789abcdef"), "here"));
  for (const char* key : {"0123456789abcde", "0123456789 abcdef", "0123456789abcdef\n", "0123456789abcdé"}) {
    EXPECT_FALSE(check_admin_key(Secret(key), "here")) << key;
  }
}

}  // namespace
}  // namespace rescind
