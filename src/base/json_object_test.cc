#include "base/json_object.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <vector>

namespace rescind {
namespace {

std::string as_json(std::string_view text) {
  std::string output;
  append_json_string(output, text);
  return output;
}

TEST(JsonString, EscapesWhatRfc8259Names) {
  EXPECT_EQ(as_json(""), R"("")");
  EXPECT_EQ(as_json("plain"), R"("plain")");
  EXPECT_EQ(as_json("\"\\"), R"("\"\\")");
  EXPECT_EQ(as_json("a\"b\nc"), R"("a\"b\u000ac")");
  EXPECT_EQ(as_json(std::string("\0\x1f", 2)), R"("\u0000\u001f")");
  EXPECT_EQ(as_json(" \x7f"), "\" \x7f\"");
  EXPECT_EQ(as_json("Zo\xc3\xab"), "\"Zo\xc3\xab\"");
}

TEST(JsonString, IsReadBackAsItWas) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string text{'a', static_cast<char>(byte), static_cast<char>(byte), 'b'};
    EXPECT_EQ(boost::json::parse(as_json(text)).as_string(), text) << byte;
  }
}

TEST(JsonString, EscapesAtEveryPlaceOfALongText) {
  for (const char escaped : {'"', '\\', '\n', '\0'}) {
    for (std::size_t size = 1; size <= 20; ++size) {
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, '\x7f');
        text[at] = escaped;
        ASSERT_EQ(boost::json::parse(as_json(text)).as_string(), text) << size << " " << at;
      }
    }
  }
  EXPECT_EQ(as_json("a long text with Zo\xc3\xab in it"), "\"a long text with Zo\xc3\xab in it\"");
}

TEST(JsonObject, KeepsTheOrderOfItsMembers) {
  JsonObject inner;
  inner.add("text", "x\"");
  std::vector<JsonObject> several(2);
  several[1].add("n", 1);
  const std::vector<std::string> texts{"a", "b\\"};
  JsonObject object;
  object.add("number", -7);
  object.add("texts", texts);
  object.add("none", std::vector<std::string>());
  object.add("inner", std::move(inner));
  object.add("several", std::span(several));
  object.add_truth("yes", true);
  object.add_truth("no", false);
  object.add_members(R"("own":[1.0])");
  object.add_members("");
  EXPECT_EQ(std::move(object).finish(), R"({"number":-7,"texts":["a","b\\"],"none":[],"inner":{"text":"x\""},)"
                                        R"("several":[{},{"n":1}],"yes":true,"no":false,"own":[1.0]})");
}

TEST(JsonObject, MayBeEmptyOrBeginWithWhatIsWrittenAlready) {
  EXPECT_EQ(JsonObject().finish(), "{}");
  JsonObject object;
  object.add_members(R"("a":1)");
  object.add("b", 2);
  EXPECT_EQ(std::move(object).finish(), R"({"a":1,"b":2})");
}

}  // namespace
}  // namespace rescind
