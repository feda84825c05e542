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
        CookieCase{"x=\"1; __Host-rescind=a; y=2\"", State::kOne, "a"}, CookieCase{"x=1, __Host-rescind=a", State::kAbsent, ""},
        // "Cookie sandwich": what the quotes enclose is not one value, so nothing of ours hides in it or is swallowed by it.
        CookieCase{"a=\"; __Host-rescind=b; c=\"", State::kOne, "b"},
        CookieCase{"$Version=1; a=\"x; __Host-rescind=b; c=y\"; __Host-rescind=d", State::kAmbiguous, ""},
        CookieCase{"$Version=1; $Path=/; __Host-rescind=a; $Domain=x", State::kOne, "a"},
        CookieCase{"$__Host-rescind=a", State::kAbsent, ""}, CookieCase{"a=\"\\\"; __Host-rescind=b\"", State::kOne, "b\""},
        // A comma ends nothing (RFC 2965 is gone), whatever stands on either side of it.
        CookieCase{"__Host-rescind=a,b", State::kOne, "a,b"},
        CookieCase{"__Host-rescind=a, __Host-rescind=b", State::kOne, "a, __Host-rescind=b"},
        // Names that differ in what other parsers trim, fold, decode or cut.
        CookieCase{"__Host-rescind[]=a", State::kAbsent, ""}, CookieCase{"__Host.rescind=a", State::kAbsent, ""},
        CookieCase{"__Host_rescind=a", State::kAbsent, ""}, CookieCase{"__Host-rescind%00=a", State::kAbsent, ""},
        CookieCase{"..Host-rescind=a", State::kAbsent, ""}, CookieCase{"__HOST-RESCIND=a", State::kAbsent, ""},
        CookieCase{"__Host-rescind2=a; __Host-rescin=b", State::kAbsent, ""},
        CookieCase{"__Ho\xc5\xbft-rescind=a", State::kAbsent, ""}, CookieCase{"\"__Host-rescind\"=a", State::kAbsent, ""},
        CookieCase{"__Host-\trescind=a", State::kAbsent, ""}, CookieCase{"__Host- rescind=a", State::kAbsent, ""},
        // White space of other kinds around the pair belongs to it.
        CookieCase{"\xc2\xa0__Host-rescind=a", State::kAbsent, ""},
        CookieCase{"__Host-rescind\xe2\x80\x80=a", State::kAbsent, ""}, CookieCase{"\x0b__Host-rescind=a", State::kAbsent, ""},
        CookieCase{"\x0c__Host-rescind=a", State::kAbsent, ""},
        CookieCase{"__Host-rescind=\xc2\xa0"
                   "a",
                   State::kOne,
                   "\xc2\xa0"
                   "a"},
        // Empty pairs, many of them, and nothing behind the last.
        CookieCase{";__Host-rescind=a", State::kOne, "a"}, CookieCase{"; ;\t;__Host-rescind=a;;", State::kOne, "a"},
        CookieCase{"__Host-rescind=a;", State::kOne, "a"}, CookieCase{"__Host-rescind=;__Host-rescind=", State::kAmbiguous, ""},
        CookieCase{"=a; =b; __Host-rescind=c", State::kOne, "c"}, CookieCase{"__Host-rescind==a", State::kOne, "=a"},
        CookieCase{"__Host-rescind=%61", State::kOne, "%61"}, CookieCase{"__Host-rescind=a+b", State::kOne, "a+b"},
        CookieCase{"__Host-rescind=\xff\xfe", State::kOne, "\xff\xfe"},
        // Two of one name are refused whatever they hold and wherever they stand.
        CookieCase{"__Host-rescind=; x=y; __Host-rescind=a", State::kAmbiguous, ""},
        CookieCase{"__Host-rescind=a;__Host-rescind =b", State::kAmbiguous, ""},
        CookieCase{"__Host-rescind=a;\t__Host-rescind\t=\tb", State::kAmbiguous, ""},
        CookieCase{"__Host-rescind=a; __Host-rescind=b; __Host-rescind=c", State::kAmbiguous, ""}));

// Names are compared as raw bytes: of all 256, at either end of the name, only SP and HTAB are trimmed, and only ";" and "="
// divide.
TEST(Cookies, EveryByteAtEitherEndOfANameMakesItAnotherOne) {
  for (int i = 0; i < 256; ++i) {
    const char byte = static_cast<char>(i);
    const bool is_blank = byte == ' ' || byte == '\t';
    RequestBuilder before;
    const Request in_front = before.header("Cookie", std::string(1, byte) + "rescind=a").build();
    EXPECT_EQ(find_cookie(in_front, "rescind").state == State::kOne, is_blank || byte == ';') << i;
    RequestBuilder after;
    const Request behind = after.header("Cookie", "rescind" + std::string(1, byte) + "=a").build();
    EXPECT_EQ(find_cookie(behind, "rescind").state == State::kOne, is_blank || byte == '=') << i;
  }
}

// What a value holds is handed on as it is: only ";" ends it, and only SP and HTAB at its ends are trimmed.
TEST(Cookies, EveryByteWithinAValueButTheSemicolonStays) {
  for (int i = 0; i < 256; ++i) {
    const std::string value = "a" + std::string(1, static_cast<char>(i)) + "b";
    RequestBuilder builder;
    const Request request = builder.header("Cookie", "x=1; rescind=" + value).build();
    const FoundCookie found = find_cookie(request, "rescind");
    EXPECT_EQ(found.state, State::kOne) << i;
    EXPECT_EQ(found.value, i == ';' ? "a" : value) << i;
  }
}

TEST(Cookies, SixtyFourKibibytesOfPairsAreSearchedToTheEnd) {
  std::string many;
  while (many.size() < 64 * 1024) many += "rescin=a; ";
  RequestBuilder one;
  EXPECT_EQ(find_cookie(one.header("Cookie", many + "rescind=b").build(), "rescind").value, "b");
  RequestBuilder two;
  EXPECT_EQ(find_cookie(two.header("Cookie", "rescind=a; " + many + "rescind=b").build(), "rescind").state, State::kAmbiguous);
}

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
