#include "webauthn/relying_party.h"

#include <gtest/gtest.h>

#include <string>

#include "webauthn/testing/relying_party.h"

namespace rescind {
namespace {

bool accepts_id(const std::string& id) {
  return RelyingParty::create({.id = id, .name = "", .origins = {"https://" + id}, .top_origins = {}}).has_value();
}

bool accepts_origin(const std::string& id, const std::string& origin) {
  return RelyingParty::create({.id = id, .name = "", .origins = {origin}, .top_origins = {}}).has_value();
}

TEST(RelyingParty, ItsIdIsALowerCaseDomain) {
  const std::string label63(63, 'a');
  const std::string name253 = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'a');
  for (const std::string& good : {std::string("example.org"), std::string("localhost"), std::string("a.b.c.example.org"),
                                  std::string("xn--bcher-kva.example"), std::string("1.example"), name253}) {
    EXPECT_TRUE(accepts_id(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("Example.org"), std::string("example.org."), std::string(".example.org"),
        std::string("example..org"), std::string("exa mple.org"), std::string("example.org:443"), std::string("127.0.0.1"),
        std::string("[::1]"), std::string("-a.example"), std::string("a-.example"),
        std::string("b\xc3\xbc"
                    "cher.example"),
        std::string("example.org/"), std::string("a@example.org"), std::string("a_b.example"), label63 + "a.example",
        name253 + "a", std::string("example.org\0", 12)}) {
    EXPECT_FALSE(accepts_id(bad)) << bad;
  }
}

TEST(RelyingParty, AnOriginIsTheIdsOwnOrBelowIt) {
  for (const std::string good :
       {"https://example.org", "https://example.org:8443", "https://login.example.org", "https://a.b.example.org:1",
        "android:apk-key-hash:7d1043473d55bfa90e8530d35801d4e381bc69f0"}) {
    EXPECT_TRUE(accepts_origin("example.org", good)) << good;
  }
  for (const std::string bad : {"https://evil-example.org",
                                "https://example.org.evil.com",
                                "https://example.com",
                                "https://org",
                                "https://xexample.org",
                                "https://evil.com/example.org",
                                "https://evil.com#.example.org",
                                "https://evil.com?.example.org",
                                "https://user@example.org",
                                "https://evil.com\\.example.org",
                                "https://example.org/",
                                "https://example.org:443",
                                "https://example.org:0",
                                "https://example.org:65536",
                                "https://example.org:",
                                "https://example.org:08443",
                                "https://example.org:8443:1",
                                "https://Example.org",
                                "HTTPS://example.org",
                                "http://example.org",
                                "wss://example.org",
                                "example.org",
                                "//example.org",
                                "null",
                                "",
                                "*",
                                "https://*.example.org",
                                "https://.example.org",
                                "https://example.org.",
                                "android:apk-key-hash:",
                                "file://example.org"}) {
    EXPECT_FALSE(accepts_origin("example.org", bad)) << bad;
  }
}

TEST(RelyingParty, HttpIsForLocalhostOnly) {
  EXPECT_TRUE(accepts_origin("localhost", "http://localhost:8080"));
  EXPECT_TRUE(accepts_origin("localhost", "http://app.localhost"));
  EXPECT_FALSE(accepts_origin("localhost", "http://localhost:80"));
  EXPECT_FALSE(accepts_origin("localhost", "http://notlocalhost"));
  EXPECT_FALSE(accepts_origin("localhost.example.org", "http://localhost.example.org"));
}

TEST(RelyingParty, NeedsAnOriginAndSaysWhichIsWrong) {
  const auto none = RelyingParty::create({.id = "example.org", .name = "", .origins = {}, .top_origins = {}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidRequest);
  const auto second = RelyingParty::create(
      {.id = "example.org", .name = "", .origins = {"https://example.org", "https://example.com"}, .top_origins = {}});
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("https://example.com"), std::string::npos);
  const auto top = RelyingParty::create(
      {.id = "example.org", .name = "", .origins = {"https://example.org"}, .top_origins = {"https://example.com/"}});
  EXPECT_FALSE(top);
}

TEST(RelyingParty, OriginsAreComparedByteByByte) {
  const RelyingParty party = testing::relying_party({"https://example.com"});
  EXPECT_TRUE(party.allows("https://example.org"));
  EXPECT_TRUE(party.allows("https://login.example.org:8443"));
  for (const std::string_view origin : {"", "https://example.or", "https://example.org:8443", "https://login.example.org",
                                        "https://example.org/", "https://EXAMPLE.org", "https://sub.example.org",
                                        "https://example.org.evil.com", "http://example.org", "https://example.com"}) {
    EXPECT_FALSE(party.allows(origin)) << origin;
  }
  EXPECT_TRUE(party.may_frame("https://example.com"));
  EXPECT_FALSE(party.may_frame("https://example.org"));
  EXPECT_FALSE(party.may_frame("https://sub.example.com"));
}

TEST(RelyingParty, ItsNameDefaultsToItsId) {
  const auto party =
      RelyingParty::create({.id = "example.org", .name = "", .origins = {"https://example.org"}, .top_origins = {}});
  ASSERT_TRUE(party);
  EXPECT_EQ(party->name(), "example.org");
  EXPECT_EQ(party->id_hash(), sha256({"example.org"}));
}

}  // namespace
}  // namespace rescind
