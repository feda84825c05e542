#include "http/origin_check.h"

#include <gtest/gtest.h>

#include "http/testing/request_builder.h"

namespace rescind {
namespace {

OriginCheck make_check() {
  Result<OriginCheck> check = OriginCheck::create({"https://app.example", "http://localhost:8080"});
  return std::move(*check);
}

bool passes(std::vector<std::pair<std::string, std::string>> headers) {
  RequestBuilder builder;
  for (auto& [name, value] : headers) builder.header(name, value);
  return make_check().check(builder.build()).has_value();
}

TEST(OriginCheck, AnAllowedOriginPasses) {
  EXPECT_TRUE(passes({{"Origin", "https://app.example"}}));
  EXPECT_TRUE(passes({{"Origin", "https://app.example"}, {"Sec-Fetch-Site", "cross-site"}}));
}

TEST(OriginCheck, AnyOtherOriginIsRefusedWhateverElseIsSaid) {
  for (const char* origin :
       {"https://evil.example", "null", "", "https://app.example.evil.example", "http://app.example", "https://app.example:444",
        "https://app.example/", "HTTPS://APP.EXAMPLE", "https://sub.app.example"}) {
    EXPECT_FALSE(passes({{"Origin", origin}})) << origin;
    EXPECT_FALSE(passes({{"Origin", origin}, {"Sec-Fetch-Site", "same-origin"}})) << origin;
  }
}

TEST(OriginCheck, WithoutOriginTheFetchSiteDecides) {
  EXPECT_TRUE(passes({{"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_TRUE(passes({{"Sec-Fetch-Site", "none"}}));
  for (const char* site : {"same-site", "cross-site", "", "Same-Origin"})
    EXPECT_FALSE(passes({{"Sec-Fetch-Site", site}})) << site;
}

TEST(OriginCheck, WhatComesFromNoBrowserPasses) { EXPECT_TRUE(passes({})); }

TEST(OriginCheck, TwoOfEitherAreRefused) {
  EXPECT_FALSE(passes({{"Origin", "https://app.example"}, {"Origin", "https://app.example"}}));
  EXPECT_FALSE(passes({{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "none"}}));
}

TEST(OriginCheck, TheListTakesOriginsOnly) {
  for (const char* text : {"*", "app.example", "https://", "https://a.example/", "https://a.example/x", "https://a.example?x",
                           "https://u@a.example", "ftp://a.example", "https://A.example", ""}) {
    EXPECT_FALSE(OriginCheck::create({text})) << text;
  }
}

}  // namespace
}  // namespace rescind
