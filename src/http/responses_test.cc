#include "http/responses.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "http/testing/response_reader.h"

namespace rescind {
namespace {

TEST(ErrorResponse, IsNeverStoredAndCarriesCodeAndMessage) {
  const Response response = error_response({ErrorCode::kTokenRevoked, "the token was revoked", std::nullopt});
  EXPECT_EQ(response.status, 401u);
  EXPECT_EQ(response.body, R"({"code":"token_revoked","message":"the token was revoked"})");
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(field_of(response, "WWW-Authenticate"), "Bearer error=\"invalid_token\"");
}

TEST(ErrorResponse, WhatTheMessageQuotesStaysInsideItsString) {
  const std::string quoted("\"a\\\n\x01", 5);
  EXPECT_EQ(error_response({ErrorCode::kInvalidRequest, quoted, std::nullopt}).body,
            R"({"code":"invalid_request","message":"\"a\\\u000a\u0001"})");
}

TEST(ErrorResponse, AMissingTokenIsAskedForWithoutAnError) {
  EXPECT_EQ(field_of(error_response({ErrorCode::kMissingToken, "", std::nullopt}), "WWW-Authenticate"), "Bearer");
}

TEST(ErrorResponse, UnavailableSaysWhenToComeBack) {
  EXPECT_EQ(field_of(error_response({ErrorCode::kStoreUnavailable, "", std::chrono::seconds(3)}), "Retry-After"), "3");
  EXPECT_EQ(field_of(error_response({ErrorCode::kVerifierStale, "", std::nullopt}), "Retry-After"), "1");
}

TEST(ErrorResponse, EveryCodeHasANameOfItsOwnAndAnErrorStatus) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    names.emplace_back(to_string(code));
    EXPECT_GE(status_of(code), 400u) << names.back();
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(OAuthErrorResponse, HasTheFormOfRfc6749) {
  const Response response =
      oauth_error_response({ErrorCode::kInvalidCredentials, "client authentication failed", std::nullopt});
  EXPECT_EQ(response.status, 401u);
  EXPECT_EQ(response.body, R"({"error":"invalid_client","error_description":"client authentication failed"})");
  EXPECT_EQ(field_of(response, "WWW-Authenticate"), "Basic realm=\"rescind\"");
}

}  // namespace
}  // namespace rescind
