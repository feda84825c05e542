#include "http/fields.h"

#include <gtest/gtest.h>

#include "http/testing/request_builder.h"

namespace rescind {
namespace {

AuthorizationState state_of(const std::string& value) {
  RequestBuilder builder;
  const Request request = builder.header("Authorization", value).build();
  return find_authorization(request).state;
}

TEST(Authorization, TheSchemeIsComparedWithoutCase) {
  for (const char* value : {"Bearer abc", "bearer abc", "BEARER abc"}) EXPECT_EQ(state_of(value), AuthorizationState::kBearer);
  EXPECT_EQ(state_of("basic abc"), AuthorizationState::kBasic);
}

TEST(Authorization, WhatIsNotOneSchemeAndOneCredentialIsUnusable) {
  for (const char* value :
       {"", "Bearer", "Bearer ", "Bearer  abc", "Bearer a b", " Bearer a", "Digest abc", "Bearerabc", "Bearer\tabc"}) {
    EXPECT_EQ(state_of(value), AuthorizationState::kUnusable) << value;
  }
}

TEST(Authorization, TwoFieldsAreUnusableEvenWhenTheyAgree) {
  RequestBuilder builder;
  const Request request = builder.header("Authorization", "Bearer a").header("authorization", "Bearer a").build();
  EXPECT_EQ(find_authorization(request).state, AuthorizationState::kUnusable);
}

TEST(Authorization, ThereIsNoneWithoutTheField) {
  RequestBuilder builder;
  const Request request = builder.header("Proxy-Authorization", "Bearer a").build();
  EXPECT_EQ(find_authorization(request).state, AuthorizationState::kAbsent);
}

}  // namespace
}  // namespace rescind
