#include "domain/password_hash.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

const std::string kSalt = "$AAAAAAAAAAAAAAAAAAAAAA";
const std::string kTag = "$/+AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const std::string kGood = "$argon2id$v=19$m=19456,t=2,p=1" + kSalt + kTag;

TEST(PasswordHash, ParsesAndWritesTheSameText) {
  const auto hash = parse_password_hash(kGood);
  ASSERT_TRUE(hash);
  EXPECT_EQ(hash->cost.memory_kib, 19456u);
  EXPECT_EQ(hash->cost.iterations, 2u);
  EXPECT_EQ(hash->cost.parallelism, 1u);
  EXPECT_EQ(hash->salt.size(), 16u);
  EXPECT_EQ(hash->tag.size(), 32u);
  EXPECT_EQ(format_password_hash(*hash), kGood);
}

TEST(PasswordHash, AbsurdCostsInARowAreRefused) {
  for (const char* cost : {"m=4294967295,t=1,p=1", "m=1048577,t=1,p=1", "m=8,t=4294967295,p=1", "m=8,t=17,p=1",
                           "m=1024,t=1,p=17", "m=1048576,t=5,p=1", "m=7,t=1,p=1", "m=15,t=1,p=2", "m=8,t=0,p=1", "m=8,t=1,p=0",
                           "m=0,t=1,p=1", "m=4294967304,t=1,p=1", "m=99999999999999999999,t=1,p=1"}) {
    EXPECT_FALSE(parse_password_hash("$argon2id$v=19$" + std::string(cost) + kSalt + kTag)) << cost;
  }
}

TEST(PasswordHash, TheLargestCostsAreTaken) {
  for (const char* cost : {"m=1048576,t=4,p=16", "m=262144,t=16,p=1", "m=8,t=1,p=1", "m=128,t=1,p=16"}) {
    EXPECT_TRUE(parse_password_hash("$argon2id$v=19$" + std::string(cost) + kSalt + kTag)) << cost;
  }
}

TEST(PasswordHash, AnyOtherFormIsRefused) {
  for (const std::string& phc : {
           std::string(),
           std::string("$"),
           "$argon2i$v=19$m=19456,t=2,p=1" + kSalt + kTag,
           "$argon2d$v=19$m=19456,t=2,p=1" + kSalt + kTag,
           "$argon2id$v=16$m=19456,t=2,p=1" + kSalt + kTag,
           "$argon2id$m=19456,t=2,p=1" + kSalt + kTag,
           "$argon2id$v=19$t=2,m=19456,p=1" + kSalt + kTag,
           "$argon2id$v=19$m=019456,t=2,p=1" + kSalt + kTag,
           "$argon2id$v=19$m=+19456,t=2,p=1" + kSalt + kTag,
           "$argon2id$v=19$m=-1,t=2,p=1" + kSalt + kTag,
           "$argon2id$v=19$m=19456,t=2,p=1,data=AA" + kSalt + kTag,
           "$argon2id$v=19$m=19456,t=2,p=1" + kSalt,
           "$argon2id$v=19$m=19456,t=2,p=1" + kTag,
           kGood + "$",
           kGood + " ",
           kGood + "=",
           " " + kGood,
           kGood + kTag,
           "$argon2id$v=19$m=19456,t=2,p=1$" + kTag,
           "$argon2id$v=19$m=19456,t=2,p=1" + kSalt + "$",
           "$argon2id$v=19$m=19456,t=2,p=1$AAAA" + kTag,
           "$argon2id$v=19$m=19456,t=2,p=1" + kSalt + "$AAAA",
           std::string("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"),
       }) {
    EXPECT_FALSE(parse_password_hash(phc)) << phc;
  }
}

TEST(PasswordHash, TheBase64OfAHashHasOneText) {
  std::string twin = kGood;
  twin.back() = 'B';  // unused bits
  EXPECT_FALSE(parse_password_hash(twin));
  EXPECT_FALSE(parse_password_hash("$argon2id$v=19$m=19456,t=2,p=1" + kSalt + "$_-" + kTag.substr(3)));
}

TEST(PasswordHash, SaltAndTagAreBounded) {
  const std::string head = "$argon2id$v=19$m=8,t=1,p=1$";
  const auto base64_of = [](std::size_t bytes) { return std::string((bytes * 4 + 2) / 3, 'A'); };
  EXPECT_TRUE(parse_password_hash(head + base64_of(8) + "$" + base64_of(16)));
  EXPECT_TRUE(parse_password_hash(head + base64_of(64) + "$" + base64_of(64)));
  EXPECT_FALSE(parse_password_hash(head + base64_of(7) + "$" + base64_of(16)));
  EXPECT_FALSE(parse_password_hash(head + base64_of(65) + "$" + base64_of(16)));
  EXPECT_FALSE(parse_password_hash(head + base64_of(8) + "$" + base64_of(15)));
  EXPECT_FALSE(parse_password_hash(head + base64_of(8) + "$" + base64_of(65)));
}

}  // namespace
}  // namespace rescind
