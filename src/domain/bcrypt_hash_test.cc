#include "domain/bcrypt_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace rescind {
namespace {

// From the test vectors of OpenBSD's and Openwall's implementations.
const std::string kGood = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

std::string with(std::size_t at, std::string_view text) { return std::string(kGood).replace(at, text.size(), text); }

TEST(BcryptHash, TheThreeKindsWithinTheBoundsAreTaken) {
  EXPECT_TRUE(is_bcrypt_hash(kGood));
  for (const char* kind : {"$2a$", "$2y$"}) EXPECT_TRUE(is_bcrypt_hash(with(0, kind))) << kind;
  for (const char* cost : {"04", "09", "10", "14"}) EXPECT_TRUE(is_bcrypt_hash(with(4, cost))) << cost;
}

TEST(BcryptHash, WhatIsOfAnotherFormOrTooDearIsRefused) {
  for (const char* kind : {"$2$0", "$2x$", "$2c$", "$1a$", "$2B$", "*2b$"}) EXPECT_FALSE(is_bcrypt_hash(with(0, kind))) << kind;
  for (const char* cost : {"00", "03", "15", "31", "99", "1/", "/1", " 5", "-1"})
    EXPECT_FALSE(is_bcrypt_hash(with(4, cost))) << cost;
  EXPECT_FALSE(is_bcrypt_hash(with(6, "x")));
  for (const char* character : {"+", "=", "$", "\n", "-", "_", " "}) {
    EXPECT_FALSE(is_bcrypt_hash(with(10, character))) << character;
    EXPECT_FALSE(is_bcrypt_hash(with(40, character))) << character;
  }
  EXPECT_FALSE(is_bcrypt_hash(""));
  EXPECT_FALSE(is_bcrypt_hash(kGood.substr(0, 59)));
  EXPECT_FALSE(is_bcrypt_hash(kGood + "."));
}

TEST(BcryptHash, OneHashHasOneText) {
  EXPECT_FALSE(is_bcrypt_hash(with(28, "/"))) << "of the salt's last character two bits count";
  EXPECT_TRUE(is_bcrypt_hash(with(28, "O")));
  EXPECT_FALSE(is_bcrypt_hash(with(59, "X"))) << "of the tag's four";
}

}  // namespace
}  // namespace rescind
