#include "service/user_import.h"

#include <gtest/gtest.h>

#include "domain/password_hash.h"
#include "tests/testing/service_parts.h"

namespace rescind {
namespace {

// Of "U*U": a test vector of Openwall's.
constexpr const char* kBcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
// Of "password" with the salt "somesalt", t = 2, m = 256, p = 1: a test vector of the reference implementation.
constexpr const char* kArgon2 = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

Result<User> import(ServiceUnderTest& service, const std::string& hash, const std::string& email = "ada@example.com") {
  ImportedUser user{
      .email = email, .name = "Ada", .password_hash = hash, .roles = {"editor"}, .email_state = EmailState::kVerified};
  UserImport importer(service.failing, service.parts->clock, service.parts->random);
  return run(importer.import(std::move(user), {"192.0.2.1", std::nullopt}));
}

Result<TokenPair> log_in(ServiceUnderTest& service, const std::string& password) {
  return run(service.sessions().log_in({"ada@example.com", Secret(password), {"device", "agent", "192.0.2.7"}}));
}

std::string stored_hash(ServiceUnderTest& service) {
  return (*run(service.failing.find_user_by_email(EmailKey{"ada@example.com"})))->password_hash;
}

TEST(UserImport, ABcryptPasswordSignsInAndBecomesArgon2idWithTheFirstGoodLogIn) {
  ServiceUnderTest service;
  ASSERT_TRUE(import(service, kBcrypt));
  EXPECT_EQ(log_in(service, "wrong horse").error().code, ErrorCode::kInvalidCredentials);
  EXPECT_EQ(stored_hash(service), kBcrypt);
  for (int i = 0; i < 2; ++i) {
    const auto pair = log_in(service, "U*U");
    ASSERT_TRUE(pair);
    EXPECT_EQ(pair->user.roles, std::vector<std::string>{"editor"});
    EXPECT_TRUE(pair->user.email_verified_at);
    EXPECT_TRUE(stored_hash(service).starts_with("$argon2id$"));
  }
  EXPECT_EQ(log_in(service, "U*V").error().code, ErrorCode::kInvalidCredentials);
}

TEST(UserImport, AnArgon2idHashOfAnotherCostIsMadeAnewWithTheFirstGoodLogIn) {
  ServiceUnderTest service;
  ASSERT_TRUE(import(service, kArgon2));
  ASSERT_TRUE(log_in(service, "password"));
  const auto upgraded = parse_password_hash(stored_hash(service));
  ASSERT_TRUE(upgraded);
  EXPECT_EQ(upgraded->cost, (Argon2Cost{8, 1, 1}));
  const std::string once = stored_hash(service);
  ASSERT_TRUE(log_in(service, "password"));
  EXPECT_EQ(stored_hash(service), once) << "and then it stays";
}

TEST(UserImport, AFailedUpgradeIsNoFailedLogIn) {
  ServiceUnderTest service;
  ASSERT_TRUE(import(service, kBcrypt));
  service.failing.fail_call(4, FailureSide::kBefore);  // attempt, user, settlement, upgrade
  EXPECT_TRUE(log_in(service, "U*U"));
  EXPECT_EQ(stored_hash(service), kBcrypt);
  EXPECT_TRUE(log_in(service, "U*U"));
  EXPECT_NE(stored_hash(service), kBcrypt);
}

// bcrypt looks at 72 bytes; what it never looked at is not taken into the new form.
TEST(UserImport, OfALongBcryptPassword72BytesCountAndItStaysBcrypt) {
  ServiceUnderTest service;
  // Of 72 times 0xaa and "chars after 72 are ignored as usual" (Openwall's test vectors).
  const char* const hash = "$2a$05$/OK.fbVrR/bpIqNJ5ianF.swQOIzjOiJ9GHEPuhEkvqrUyvWhEMx6";
  ASSERT_TRUE(import(service, hash));
  const std::string first(72, '\xaa');
  EXPECT_TRUE(log_in(service, first + "chars after 72 are ignored as usual"));
  EXPECT_TRUE(log_in(service, first + "others too"));
  EXPECT_EQ(stored_hash(service), hash);
  EXPECT_EQ(log_in(service, first.substr(1)).error().code, ErrorCode::kInvalidCredentials);
  EXPECT_TRUE(log_in(service, first));
  EXPECT_NE(stored_hash(service), hash);
}

TEST(UserImport, WhatIsNoHashOfOursOrCostsTooMuchIsRefused) {
  ServiceUnderTest service;
  for (const char* hash : {"x", "correct horse", "$2a$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                           "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "$6$salt$hash",
                           "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
                           "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                           "$argon2id$v=19$m=256,t=100000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"}) {
    EXPECT_EQ(import(service, hash).error().code, ErrorCode::kInvalidRequest) << hash;
  }
  EXPECT_EQ(import(service, kBcrypt, "no address").error().code, ErrorCode::kInvalidRequest);
}

TEST(UserImport, AnEmailInAnySpellingHasOneUser) {
  ServiceUnderTest service;
  ASSERT_TRUE(import(service, ""));
  EXPECT_EQ(import(service, kBcrypt, "ADA@example.com").error().code, ErrorCode::kEmailTaken);
  EXPECT_EQ(log_in(service, "").error().code, ErrorCode::kInvalidCredentials) << "without a password none is right";
}

}  // namespace
}  // namespace rescind
