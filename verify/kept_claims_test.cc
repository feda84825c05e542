#include "verify/kept_claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace rescind {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kWithNul("a\0b", 3);

constexpr std::array kTexts{&Claims::session_id, &Claims::client_id, &Claims::issuer, &Claims::subject,
                            &Claims::token_id,   &Claims::scope,     &Claims::json};
constexpr std::array kLists{&Claims::audience, &Claims::amr, &Claims::roles};

// What it is made of is gone when it returns.
std::shared_ptr<const Claims> keep_of_short_lived() {
  std::string page = "session client issuer subject token scope json";
  const std::string_view words = page;
  std::vector<std::string> strings{"one", "a name that is longer than any small string", std::string(kWithNul), ""};
  std::vector<std::string_view> lists(strings.begin(), strings.end());
  Claims claims;
  claims.issued_at = std::chrono::sys_seconds(std::chrono::seconds(1));
  claims.expires_at = std::chrono::sys_seconds(std::chrono::seconds(2));
  claims.token_version = 3;
  claims.session_id = words.substr(0, 7);
  claims.client_id = words.substr(8, 6);
  claims.issuer = words.substr(15, 6);
  claims.subject = kWithNul;
  claims.token_id = words.substr(30, 5);
  claims.json = words;
  claims.audience = std::span(lists).first(2);
  claims.roles = std::span(lists).subspan(1);
  auto kept = keep_claims(std::move(claims));
  page.assign(page.size(), '#');
  for (std::string& text : strings) text.assign(text.size(), '#');
  lists.assign(lists.size(), "#");
  return kept;
}

TEST(KeptClaims, AreTheSameAndOwnWhatTheyView) {
  const std::shared_ptr<const Claims> kept = keep_of_short_lived();
  EXPECT_EQ(kept->issued_at.time_since_epoch().count(), 1);
  EXPECT_EQ(kept->expires_at.time_since_epoch().count(), 2);
  EXPECT_EQ(kept->token_version, 3);
  EXPECT_FALSE(kept->not_before);
  EXPECT_EQ(kept->session_id, "session");
  EXPECT_EQ(kept->client_id, "client");
  EXPECT_EQ(kept->issuer, "issuer");
  EXPECT_EQ(kept->subject, kWithNul);
  EXPECT_EQ(kept->token_id, "token");
  EXPECT_EQ(kept->scope, "");
  EXPECT_EQ(kept->json, "session client issuer subject token scope json");
  EXPECT_THAT(kept->audience, ElementsAre("one", "a name that is longer than any small string"));
  EXPECT_THAT(kept->amr, IsEmpty());
  EXPECT_THAT(kept->roles, ElementsAre("a name that is longer than any small string", kWithNul, ""));
}

TEST(KeptClaims, HaveANulByteBehindEachText) {
  for (const std::shared_ptr<const Claims>& kept : {keep_of_short_lived(), keep_claims(Claims{})}) {
    for (const auto text : kTexts) EXPECT_EQ(*((*kept).*text).end(), '\0');
    for (const auto list : kLists) {
      for (const std::string_view text : (*kept).*list) EXPECT_EQ(*text.end(), '\0');
    }
  }
}

TEST(KeptClaims, StandInOneBlockOfTheSizeThatIsCounted) {
  const std::shared_ptr<const Claims> kept = keep_of_short_lived();
  const char* const begin = reinterpret_cast<const char*>(kept.get());
  const char* const end = begin + kept_bytes(*kept);
  const auto is_inside = [&](const auto& range) {
    return reinterpret_cast<const char*>(range.data()) >= begin &&
           reinterpret_cast<const char*>(range.data() + range.size()) < end;
  };
  for (const auto text : kTexts) EXPECT_TRUE(is_inside((*kept).*text));
  for (const auto list : {&Claims::audience, &Claims::roles}) {
    EXPECT_TRUE(is_inside((*kept).*list));
    for (const std::string_view text : (*kept).*list) EXPECT_TRUE(is_inside(text));
  }
}

}  // namespace
}  // namespace rescind
