#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/admin_client.h"
#include "cli/asking.h"
#include "cli/moment.h"
#include "cli/printing.h"
#include "cli/table.h"

namespace rescind {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(MakeHarmless, LeavesTextAndEscapesWhatATerminalActsOn) {
  const std::pair<const char*, const char*> cases[] = {
      {"Ada Lovelace", "Ada Lovelace"},
      {"Žofie 東京 🦊", "Žofie 東京 🦊"},
      {"\x1b[2J\x1b]0;owned\x07", "\\u{1b}[2J\\u{1b}]0;owned\\u{07}"},
      {"a\nb\rc\td", "a\\u{0a}b\\u{0d}c\\u{09}d"},
      {"\x7f", "\\u{7f}"},
      {"\xc2\x9b"
       "31m",
       "\\u{9b}31m"},  // CSI as one C1 control
      {"\xe2\x80\xae"
       "evil",
       "\\u{202e}evil"},  // right-to-left override
      {"a\xe2\x80\x8b"
       "b",
       "a\\u{200b}b"},  // zero-width space
      {"\xff\xc3", "\\x{ff}\\x{c3}"},
      {"", ""},
  };
  for (const auto& [text, harmless] : cases) EXPECT_EQ(make_harmless(text), harmless);
}

TEST(MakeJsonHarmless, EscapesAsJsonSoThatTheDocumentStaysEqual) {
  EXPECT_EQ(make_json_harmless("{\"n\":\"a b\xc2\x9b\xe2\x80\xae\x7f\"}\n"), "{\"n\":\"a b\\u009b\\u202e\\u007f\"}\n");
  EXPECT_EQ(make_json_harmless("\"\xf3\xa0\x81\x81\""), "\"\\udb40\\udc41\"");  // a tag character, beyond 16 bits
  EXPECT_EQ(make_json_harmless("\"Žofie 🦊\""), "\"Žofie 🦊\"");
}

std::string printed(Table& table) {
  std::ostringstream out;
  table.print(out);
  return out.str();
}

TEST(Table, AlignsByCodePointsAndLeavesNothingBehindTheLastColumn) {
  Table table;
  table.add_row({"ID", "NAME"});
  table.add_row({"1", "Žofie"});
  table.add_row({"Žofie", "x"});
  EXPECT_EQ(printed(table), "ID     NAME\n1      Žofie\nŽofie  x\n");
}

TEST(Table, PrintsItsHeadsOnceAndNeverGetsNarrower) {
  Table table;
  table.add_row({"A", "B"});
  table.add_row({"long", "x"});
  EXPECT_EQ(printed(table), "A     B\nlong  x\n");
  table.add_row({"s", "y"});
  EXPECT_EQ(printed(table), "s     y\n");
}

TEST(Table, ACellIsOneLineWhateverStandsInIt) {
  Table table;
  table.add_row({"a\nb\x1b[1m", "c"});
  EXPECT_EQ(printed(table), "a\\u{0a}b\\u{1b}[1m  c\n");
}

TEST(ToCell, SpellsEveryKindOfValue) {
  const std::pair<boost::json::value, const char*> cases[] = {{nullptr, "-"},
                                                              {"", "-"},
                                                              {"x", "x"},
                                                              {true, "yes"},
                                                              {false, "no"},
                                                              {42, "42"},
                                                              {boost::json::array{"a", "b"}, "a,b"},
                                                              {boost::json::array{}, "-"}};
  for (const auto& [value, cell] : cases) EXPECT_EQ(to_cell(&value), cell);
  EXPECT_EQ(to_cell(nullptr), "-");
}

TEST(MakePath, EncodesEverySegmentSoThatNoValueReachesAnotherRoute) {
  EXPECT_EQ(make_path({"admin", "users", "../keys?x=1#y", "block"}), "/admin/users/..%2Fkeys%3Fx%3D1%23y/block");
  EXPECT_EQ(make_path({"admin", "a b@\xc3\xa9\n"}), "/admin/a%20b%40%C3%A9%0A");
}

TEST(MakeQuery, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(make_query({{"a", ""}, {"b", "1&c=2"}, {"d", "e"}}), "?b=1%26c%3D2&d=e");
  EXPECT_EQ(make_query({{"a", ""}}), "");
}

TEST(ParseLength, TakesANumberAndAUnit) {
  const std::pair<const char*, std::int64_t> good[] = {{"1s", 1}, {"90s", 90}, {"15m", 900}, {"36h", 129'600}, {"2d", 172'800}};
  for (const auto& [text, seconds] : good) {
    const auto length = parse_length(text);
    ASSERT_TRUE(length) << text;
    EXPECT_EQ(length->count(), seconds) << text;
  }
  for (const char* text : {"", "d", "2", "0d", "-1d", "+1d", "1.5d", "2 d", "2D", "2days", "36526d", "99999999999999999999s"}) {
    EXPECT_FALSE(parse_length(text)) << text;
  }
}

TEST(ParseMoment, TakesRfc3339InUtcAndDays) {
  const auto seconds = [](const char* text) {
    const auto moment = parse_moment(text);
    return moment ? moment->time_since_epoch().count() : -1;
  };
  EXPECT_EQ(seconds("1970-01-01"), 0);
  EXPECT_EQ(seconds("2026-11-21T10:00:00Z"), 1795255200);
  EXPECT_EQ(seconds("2024-02-29"), 1709164800);
  for (const char* text :
       {"", "2026", "2026-02-29", "2026-13-01", "2026-11-21T24:00:00Z", "2026-11-21T10:00:00", "2026-11-21T10:00:00+01:00",
        "2026-11-21T10:00:60Z", "2026-11-21 10:00:00Z", "2026-1-021", "2026-11-21T-1:00:00Z", "2026-11-21T10:00:00Zx"}) {
    EXPECT_EQ(seconds(text), -1) << text;
  }
}

// A console without a server: these verbs' parts ask their user alone.
class Asking : public ::testing::Test {
 protected:
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
  Streams streams_{in_, out_, err_};
  const AdminClient nowhere_{ServerAccess{}};
  Console console_{nowhere_, streams_, OutputForm::kTable};
};

TEST_F(Asking, OnlyTheWholeWordYesIsConsent) {
  for (const char* answer : {"", "y", "YES", "yes please", "no\nyes"}) {
    in_ = std::istringstream(answer);
    EXPECT_FALSE(confirm(console_, Consent::kAsk, "Delete?")) << answer;
  }
  in_ = std::istringstream("yes\n");
  EXPECT_TRUE(confirm(console_, Consent::kAsk, "Delete \x1b[1m?"));
  EXPECT_THAT(err_.str(), Not(HasSubstr("\x1b")));
  in_ = std::istringstream("");
  EXPECT_TRUE(confirm(console_, Consent::kGiven, "Delete?"));
}

TEST_F(Asking, ASecretComesWithoutItsLineEndsAndIsBounded) {
  in_ = std::istringstream("e30.e30.c2ln\r\n");
  const auto token = read_secret_input(console_, "-");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->reveal(), "e30.e30.c2ln");
  for (const std::string& text : {std::string(), std::string("\n"), std::string(64 * 1024 + 1, 'x')}) {
    in_ = std::istringstream(text);
    const auto refused = read_secret_input(console_, "-");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::kUsage);
  }
  EXPECT_FALSE(read_secret_input(console_, "/nowhere/token"));
}

TEST(SplitCommas, GivesTheItems) {
  EXPECT_THAT(split_commas("a,b"), ElementsAre("a", "b"));
  EXPECT_THAT(split_commas(""), IsEmpty());
}

}  // namespace
}  // namespace rescind
