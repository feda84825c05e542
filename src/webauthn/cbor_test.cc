#include "webauthn/cbor.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "verify/sha256.h"
#include "webauthn/testing/cbor_text.h"

namespace rescind {
namespace {

using testing::big_endian;
using testing::cbor_array;
using testing::cbor_bytes;
using testing::cbor_head;
using testing::cbor_integer;
using testing::cbor_map;
using testing::cbor_text;

bool accepts(const std::string& text) { return decode_cbor(as_bytes(text)).has_value(); }

TEST(Cbor, IntegersAreReadInFull) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{23}, std::int64_t{24}, std::int64_t{255}, std::int64_t{256}, std::int64_t{65535},
        std::int64_t{65536}, std::int64_t{0xffffffff}, std::int64_t{0x100000000}, kMost, std::int64_t{-1}, std::int64_t{-24},
        std::int64_t{-25}, std::int64_t{-257}, std::numeric_limits<std::int64_t>::min()}) {
    const std::string text = cbor_integer(number);
    const auto value = decode_cbor(as_bytes(text));
    ASSERT_TRUE(value) << number;
    ASSERT_NE(value->if_type<std::int64_t>(), nullptr);
    EXPECT_EQ(*value->if_type<std::int64_t>(), number);
  }
  for (const unsigned type : {0u, 1u}) {
    EXPECT_FALSE(accepts(cbor_head(type, std::uint64_t{1} << 63)));
    EXPECT_FALSE(accepts(cbor_head(type, ~std::uint64_t{0})));
  }
}

TEST(Cbor, AnArgumentHasOneForm) {
  // For each major type and each width: the largest number that a shorter form has room for.
  for (unsigned type = 0; type < 6; ++type) {
    const auto long_form = [&](unsigned info, std::uint64_t argument) {
      std::string text(1, static_cast<char>(type << 5 | info));
      text += big_endian(argument, std::size_t{1} << (info - 24));
      return text + std::string(70000, '\0');
    };
    for (const auto& [info, largest] :
         {std::pair(24u, std::uint64_t{23}), {25u, std::uint64_t{0xff}}, {26u, std::uint64_t{0xffff}}, {27u, 0xffffffffu}}) {
      const std::string text = long_form(info, largest);
      auto rest = as_bytes(text);
      EXPECT_FALSE(take_cbor(rest)) << type << " " << info;
    }
  }
  EXPECT_TRUE(accepts(std::string("\x18\x18", 2)));
  EXPECT_FALSE(accepts(std::string("\x18\x17", 2)));
}

TEST(Cbor, StringsAreViewsOfTheInput) {
  const std::string text = cbor_map({{cbor_text("k"), cbor_bytes("bytes")}, {cbor_integer(-1), cbor_text("ünï")}});
  const auto value = decode_cbor(as_bytes(text));
  ASSERT_TRUE(value);
  EXPECT_EQ(value->members(), 2u);
  ASSERT_NE(value->find("k"), nullptr);
  ASSERT_NE(value->find("k")->if_type<CborValue::Bytes>(), nullptr);
  EXPECT_EQ(as_text(*value->find("k")->if_type<CborValue::Bytes>()), "bytes");
  EXPECT_EQ(*value->find(-1)->if_type<std::string_view>(), "ünï");
  EXPECT_EQ(value->find(1), nullptr);
  EXPECT_EQ(value->find("K"), nullptr);
  EXPECT_EQ(value->find("k")->find("k"), nullptr);
  EXPECT_EQ(value->find("k")->members(), 0u);
}

TEST(Cbor, FalseTrueAndNullAreAllTheSimpleValues) {
  EXPECT_EQ(*decode_cbor(as_bytes("\xf4"))->if_type<bool>(), false);
  EXPECT_EQ(*decode_cbor(as_bytes("\xf5"))->if_type<bool>(), true);
  EXPECT_NE(decode_cbor(as_bytes("\xf6"))->if_type<std::monostate>(), nullptr);
  for (unsigned argument = 0; argument < 32; ++argument) {
    const std::string head(1, static_cast<char>(0xe0 | argument));
    for (const std::size_t size : {0, 1, 2, 4, 8}) {
      EXPECT_EQ(accepts(head + std::string(size, '\x20')), size == 0 && argument >= 20 && argument <= 22) << argument;
    }
  }
}

TEST(Cbor, TagsAndIndefiniteLengthsAreRefused) {
  for (unsigned info = 0; info < 28; ++info) EXPECT_FALSE(accepts(static_cast<char>(0xc0 | info) + std::string(9, '\0')));
  EXPECT_FALSE(accepts("\xc1\x18\x20"));
  for (unsigned type = 0; type < 8; ++type) {
    for (const unsigned info : {28u, 29u, 30u, 31u}) {
      const std::string head(1, static_cast<char>(type << 5 | info));
      EXPECT_FALSE(accepts(head)) << type;
      EXPECT_FALSE(accepts(head + "\xff")) << type;
      EXPECT_FALSE(accepts(head + "\x41x\xff")) << type;
    }
  }
}

TEST(Cbor, LengthsThatAreLiesAreRefusedWithoutMemory) {
  for (const unsigned type : {2u, 3u, 4u, 5u}) {
    for (const std::uint64_t length : {std::uint64_t{1}, std::uint64_t{24}, std::uint64_t{0xffffffff}, std::uint64_t{1} << 62,
                                       std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
      EXPECT_FALSE(accepts(cbor_head(type, length))) << type << " " << length;
    }
  }
  EXPECT_FALSE(accepts(cbor_head(2, 3) + "ab"));
  EXPECT_FALSE(accepts(cbor_head(4, 2) + cbor_integer(1)));
  EXPECT_FALSE(accepts(cbor_head(5, 1) + cbor_integer(1)));
}

TEST(Cbor, EveryPrefixOfAValueIsRefused) {
  const std::string text = cbor_map(
      {{cbor_text("a"), cbor_array({cbor_integer(1000), cbor_bytes(std::string(300, 'x'))})}, {cbor_integer(7), "\xf5"}});
  EXPECT_TRUE(accepts(text));
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(accepts(text.substr(0, size))) << size;
}

TEST(Cbor, NothingMayStandBehindTheValueUnlessItIsAskedFor) {
  const std::string text = cbor_map({}) + cbor_integer(5);
  EXPECT_FALSE(accepts(text));
  auto rest = as_bytes(text);
  ASSERT_TRUE(take_cbor(rest));
  EXPECT_EQ(as_text(rest), cbor_integer(5));
  const std::string bad = "\xff";
  rest = as_bytes(bad);
  EXPECT_FALSE(take_cbor(rest));
  EXPECT_EQ(as_text(rest), bad);
}

TEST(Cbor, AKeyStandsOnceAndIsAnIntegerOrText) {
  const std::string one = cbor_integer(1);
  EXPECT_TRUE(accepts(cbor_map({{cbor_integer(1), one}, {cbor_text("1"), one}, {cbor_integer(-1), one}})));
  EXPECT_FALSE(accepts(cbor_map({{cbor_integer(1), one}, {cbor_integer(2), one}, {cbor_integer(1), one}})));
  EXPECT_FALSE(accepts(cbor_map({{cbor_text("fmt"), one}, {cbor_text("fmt"), one}})));
  EXPECT_FALSE(accepts(cbor_map({{cbor_text(""), one}, {cbor_text(""), one}})));
  for (const std::string& key : {cbor_bytes("k"), cbor_array({}), cbor_map({}), std::string("\xf5"), std::string("\xf6")}) {
    EXPECT_FALSE(accepts(cbor_map({{key, one}})));
  }
}

TEST(Cbor, TextIsUtf8) {
  EXPECT_TRUE(accepts(cbor_text("\xf0\x9f\x94\x91")));
  for (const std::string bad : {"\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xff", "\xe2\x82"}) {
    EXPECT_FALSE(accepts(cbor_text(bad)));
    EXPECT_TRUE(accepts(cbor_bytes(bad)));
  }
}

TEST(Cbor, DepthIsBounded) {
  const auto nested = [](unsigned depth, auto wrap) {
    std::string text = cbor_integer(0);
    for (unsigned i = 0; i < depth; ++i) text = wrap(text);
    return text;
  };
  const auto array = [](const std::string& inner) { return cbor_array({inner}); };
  const auto map = [](const std::string& inner) { return cbor_map({{cbor_integer(0), inner}}); };
  EXPECT_TRUE(accepts(nested(kMaxCborDepth, array)));
  EXPECT_TRUE(accepts(nested(kMaxCborDepth, map)));
  EXPECT_FALSE(accepts(nested(kMaxCborDepth + 1, array)));
  EXPECT_FALSE(accepts(nested(kMaxCborDepth + 1, map)));
  EXPECT_FALSE(accepts(std::string(100'000, '\x81')));
  EXPECT_FALSE(accepts(std::string(100'000, '\xa1')));
}

TEST(Cbor, ValuesAreCounted) {
  const auto array = [](std::size_t size) { return cbor_array(std::vector<std::string>(size, cbor_integer(0))); };
  EXPECT_TRUE(accepts(array(kMaxCborItems - 1)));  // the array is one of them
  EXPECT_FALSE(accepts(array(kMaxCborItems)));
  EXPECT_FALSE(accepts(array(100'000)));
}

}  // namespace
}  // namespace rescind
