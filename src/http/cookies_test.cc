#include "http/cookies.h"

#include <gtest/gtest.h>

#include "http/testing/request_builder.h"
#include "http/testing/response_reader.h"

namespace rescind {
namespace {

using State = FoundCookie::State;

struct CookieCase {
  const char* header;
  State state;
  const char* value;
};

class CookieTable : public testing::TestWithParam<CookieCase> {};

TEST_P(CookieTable, FindsTheOneCookieOfThatExactName) {
  RequestBuilder builder;
  const Request request = builder.header("cookie", GetParam().header).build();
  const FoundCookie found = find_cookie(request, "__Host-rescind");
  EXPECT_EQ(found.state, GetParam().state) << GetParam().header;
  EXPECT_EQ(found.value, GetParam().value) << GetParam().header;
}

INSTANTIATE_TEST_SUITE_P(
    Headers, CookieTable,
    testing::Values(
        CookieCase{"__Host-rescind=a", State::kOne, "a"}, CookieCase{"x=1; __Host-rescind=a; y=2", State::kOne, "a"},
        CookieCase{"x=1;__Host-rescind=a", State::kOne, "a"}, CookieCase{"\t__Host-rescind =\ta\t", State::kOne, "a"},
        CookieCase{"__Host-rescind=a=b", State::kOne, "a=b"}, CookieCase{"__Host-rescind=", State::kOne, ""},
        CookieCase{"__Host-rescind", State::kAbsent, ""}, CookieCase{"", State::kAbsent, ""},
        CookieCase{";;;", State::kAbsent, ""}, CookieCase{"=", State::kAbsent, ""},
        // Another case, an encoded name, a look-alike with U+2000 in front: other cookies.
        CookieCase{"__host-rescind=a", State::kAbsent, ""}, CookieCase{"__Host%2Drescind=a", State::kAbsent, ""},
        CookieCase{"\xe2\x80\x80__Host-rescind=a", State::kAbsent, ""}, CookieCase{"__Host-rescind\x01=a", State::kAbsent, ""},
        // A nameless cookie whose value looks like ours has an empty name.
        CookieCase{"=__Host-rescind=evil", State::kAbsent, ""},
        // Cookie tossing: two of one name, wherever they come from.
        CookieCase{"__Host-rescind=a; __Host-rescind=b", State::kAmbiguous, ""},
        CookieCase{"__Host-rescind=a; __Host-rescind=a", State::kAmbiguous, ""},
        CookieCase{"__Host-rescind=a; x=y; __Host-rescind", State::kOne, "a"},
        // No quoting and no $Version: a quote is a byte like any other, and a semicolon in it ends the pair.
        CookieCase{"$Version=1; __Host-rescind=\"a\"", State::kOne, "\"a\""},
        CookieCase{"x=\"1; __Host-rescind=a; y=2\"", State::kOne, "a"},
        CookieCase{"x=1, __Host-rescind=a", State::kAbsent, ""}));

TEST(Cookies, OneNameInTwoHeaderFieldsIsAmbiguous) {
  RequestBuilder builder;
  const Request request = builder.header("Cookie", "rescind=a").header("cookie", "rescind=b").build();
  EXPECT_EQ(find_cookie(request, "rescind").state, State::kAmbiguous);
}

TEST(Cookies, SecureOnesCarryThePrefixesAndAllAttributes) {
  const CookiePolicy policy(true, SameSite::kStrict);
  Response response;
  policy.set_access(response, "t", std::chrono::seconds(900));
  policy.set_refresh(response, "r", std::chrono::seconds(60));
  EXPECT_EQ(response.fields.text(),
            "Set-Cookie: __Host-rescind=t; Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Strict\r\n"
            "Set-Cookie: __Secure-rescind-refresh=r; Path=/auth; Max-Age=60; HttpOnly; Secure; SameSite=Strict\r\n");
}

TEST(Cookies, PlainOnesLoseThePrefixAndSecure) {
  const CookiePolicy policy(false, SameSite::kLax);
  Response response;
  policy.set_access(response, "t", std::chrono::seconds(900));
  EXPECT_EQ(field_of(response, "Set-Cookie"), "rescind=t; Path=/; Max-Age=900; HttpOnly; SameSite=Lax");
}

TEST(Cookies, ClearingSetsAnEmptyValueThatIsOverAtOnce) {
  const CookiePolicy policy(true, SameSite::kStrict);
  Response response;
  policy.clear_refresh(response);
  EXPECT_EQ(field_of(response, "Set-Cookie"),
            "__Secure-rescind-refresh=; Path=/auth; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
}

}  // namespace
}  // namespace rescind
