#include "http/json_body.h"

#include <gtest/gtest.h>

#include "http/testing/request_builder.h"

namespace rescind {
namespace {

Result<JsonBody> parse(const std::string& text, const std::string& type = "application/json") {
  RequestBuilder builder;
  return JsonBody::parse(builder.header("Content-Type", type).body(text).build(), JsonBody::Presence::kRequired);
}

TEST(JsonBody, TakesFieldsOfTheRightTypeAndBound) {
  Result<JsonBody> body = parse(R"({"s":"abc","b":true,"n":7,"o":{"x":[1]}})");
  ASSERT_TRUE(body);
  EXPECT_EQ(body->take_string("s", 3), "abc");
  EXPECT_EQ(body->take_optional_bool("b"), true);
  EXPECT_EQ(body->take_optional_integer("n"), 7);
  EXPECT_EQ(body->take_optional_object("o"), R"({"x":[1]})");
  EXPECT_EQ(body->take_optional_string("absent", 3), std::nullopt);
  EXPECT_TRUE(body->finish());
}

TEST(JsonBody, AFieldThatNobodyTookIsNamed) {
  Result<JsonBody> body = parse(R"({"keep_curent":true})");
  ASSERT_TRUE(body);
  body->take_optional_bool("keep_current");
  const Result<void> finished = body->finish();
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().message, "\"keep_curent\" is not known here");
}

TEST(JsonBody, WrongTypesAndBoundsAreNamed) {
  for (const char* text :
       {R"({})", R"({"s":1})", R"({"s":null})", R"({"s":""})", R"({"s":"abcd"})", R"({"s":["a"]})", R"({"s":"a\u0000b"})"}) {
    Result<JsonBody> body = parse(text);
    ASSERT_TRUE(body);
    body->take_string("s", 3);
    EXPECT_FALSE(body->finish()) << text;
  }
  for (const char* text :
       {R"({"n":-1})", R"({"n":1.5})", R"({"n":"1"})", R"({"n":9007199254740993})", R"({"n":1e300})", R"({"n":true})"}) {
    Result<JsonBody> body = parse(text);
    ASSERT_TRUE(body) << text;
    body->take_optional_integer("n");
    EXPECT_FALSE(body->finish()) << text;
  }
}

TEST(JsonBody, WhatIsNotOneStrictObjectIsRefused) {
  for (const char* text :
       {"", "x", "[]", "null", "{", R"({"a":1,"a":2})", R"({"a":1,"\u0061":2})", "{}{}", R"({"a":"\ud800"})", "{'a':1}"}) {
    const Result<JsonBody> body = parse(text);
    ASSERT_FALSE(body) << text;
    EXPECT_EQ(body.error().code, ErrorCode::kInvalidRequest) << text;
  }
}

TEST(JsonBody, OnlyApplicationJsonIsRead) {
  EXPECT_TRUE(parse("{}", "application/json; charset=utf-8"));
  EXPECT_TRUE(parse("{}", "Application/JSON;charset=UTF-8"));
  for (const char* type :
       {"text/plain", "application/jsonp", "application/json; charset=utf-16", "application/json;", "", "text/json"}) {
    const Result<JsonBody> body = parse("{}", type);
    ASSERT_FALSE(body) << type;
    EXPECT_EQ(body.error().code, ErrorCode::kUnsupportedMedia) << type;
  }
}

}  // namespace
}  // namespace rescind
