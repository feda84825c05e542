#include "http/cors.h"

#include <gtest/gtest.h>

#include "http/testing/request_builder.h"
#include "http/testing/response_reader.h"

namespace rescind {
namespace {

OriginCheck make_check() {
  Result<OriginCheck> check = OriginCheck::create({"https://app.example"});
  return std::move(*check);
}

std::optional<Response> preflight(const std::string& origin, const std::string& path) {
  RequestBuilder builder;
  builder.method("OPTIONS").path(path).header("Origin", origin).header("Access-Control-Request-Method", "POST");
  return answer_preflight(make_check(), builder.build());
}

TEST(Cors, APreflightOfAnAllowedOriginIsToldWhatItMaySend) {
  const std::optional<Response> response = preflight("https://app.example", "/auth/refresh");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204u);
  EXPECT_EQ(field_of(*response, "Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_EQ(field_of(*response, "Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(field_of(*response, "Access-Control-Allow-Headers"), "Authorization, Content-Type");
}

TEST(Cors, AnyOtherOriginIsToldNothing) {
  for (const char* origin : {"https://evil.example", "null", "https://app.example.evil.example"}) {
    const std::optional<Response> response = preflight(origin, "/auth/refresh");
    ASSERT_TRUE(response);
    EXPECT_EQ(field_of(*response, "Access-Control-Allow-Origin"), "") << origin;
    EXPECT_EQ(field_of(*response, "Access-Control-Allow-Methods"), "") << origin;
    EXPECT_EQ(field_of(*response, "Vary"), "Origin") << origin;
  }
}

TEST(Cors, MachineRoutesHaveNoPreflight) {
  EXPECT_FALSE(preflight("https://app.example", "/admin/revocations"));
  EXPECT_FALSE(preflight("https://app.example", "/oauth2/introspect"));
}

TEST(Cors, AnswersVaryByOriginAndNeverAllowAll) {
  RequestBuilder builder;
  const Request request = builder.header("Origin", "https://app.example").build();
  Response response;
  allow_reading(make_check(), request, response);
  EXPECT_EQ(field_of(response, "Vary"), "Origin");
  EXPECT_EQ(field_of(response, "Access-Control-Allow-Origin"), "https://app.example");
}

}  // namespace
}  // namespace rescind
