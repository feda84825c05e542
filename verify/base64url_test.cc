#include "rescind/base64url.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(Base64url, EncodesTheVectorsOfRfc4648WithoutPadding) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(base64url_encode(as_bytes(plain)), text);
    const auto bytes = base64url_decode(text);
    ASSERT_TRUE(bytes) << text;
    EXPECT_EQ(as_text(*bytes), plain);
  }
}

TEST(Base64url, UsesTheUrlAlphabet) {
  const std::uint8_t bytes[] = {0xfb, 0xff, 0xbf};
  EXPECT_EQ(base64url_encode(bytes), "-_-_");
  EXPECT_FALSE(base64url_decode("+/+/"));
}

TEST(Base64url, RefusesPaddingWhiteSpaceNulPercentAndLengthOneModuloFour) {
  for (const std::string_view text : {"Zg==", "Zm8=", "Zm9v=", "=", " Zg", "Zg ", "Z g", "Zg\n", "Zg\t", "Zg%3D", "Zg%3d",
                                      "Zg.", "Z", "Zm9vY", "Zm9v\xc3\xa9"}) {
    EXPECT_FALSE(base64url_decode(text)) << text;
  }
  EXPECT_FALSE(base64url_decode(std::string_view("Zg\0", 3)));
  EXPECT_FALSE(base64url_decode(std::string_view("Zm9\0", 4)));
}

TEST(Base64url, RefusesNonZeroUnusedBits) {
  int accepted = 0;
  for (const char last : kAlphabet) accepted += base64url_decode(std::string("Z") + last).has_value() ? 1 : 0;
  EXPECT_EQ(accepted, 4);  // of 64: two of six bits are used
  accepted = 0;
  for (const char last : kAlphabet) accepted += base64url_decode(std::string("Zm") + last).has_value() ? 1 : 0;
  EXPECT_EQ(accepted, 16);
}

TEST(Base64url, WhatDecodesIsTheOnlyTextOfItsBytes) {
  std::mt19937 random(1);
  int decoded = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text(random() % 12, '\0');
    // Mostly the alphabet, now and then any byte.
    for (char& c : text) c = random() % 16 == 0 ? static_cast<char>(random()) : kAlphabet[random() % 64];
    const auto bytes = base64url_decode(text);
    if (!bytes) continue;
    ++decoded;
    ASSERT_EQ(base64url_encode(*bytes), text);
  }
  EXPECT_GT(decoded, 10'000);
}

// Pieces of four characters are decoded one group at a time, long texts 32 characters at a time where the processor can.
TEST(Base64url, LongTextsDecodeAsTheirGroupsDo) {
  std::mt19937 random(2);
  for (std::size_t size = 28; size < 140; ++size) {
    if (size % 4 == 1) continue;
    std::string text(size, '\0');
    for (char& c : text) c = kAlphabet[random() % 64];
    text.back() = 'A';  // no unused bits
    std::vector<std::uint8_t> expected;
    for (std::size_t at = 0; at < size; at += 4) {
      const auto group = base64url_decode(std::string_view(text).substr(at, 4));
      ASSERT_TRUE(group);
      expected.insert(expected.end(), group->begin(), group->end());
    }
    constexpr std::size_t kBehind = 16;
    std::vector<std::uint8_t> to(expected.size() + kBehind, 0xa5);
    ASSERT_TRUE(base64url_decode_to(text, std::span(to).first(expected.size())));
    EXPECT_TRUE(std::ranges::equal(std::span(to).first(expected.size()), expected)) << text;
    EXPECT_EQ(std::ranges::count(std::span(to).last(kBehind), 0xa5), kBehind) << size;
  }
}

TEST(Base64url, LongTextsRefuseEveryOtherByteAtEveryPlace) {
  for (const std::size_t size : {32, 46, 64, 99}) {
    const std::string good(size, 'A');
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = good;
        text[at] = static_cast<char>(byte);
        const bool is_last = at + 1 == size && size % 4 != 0;  // where some of the alphabet has unused bits
        const bool is_good = kAlphabet.find(text[at]) != kAlphabet.npos;
        if (is_last && is_good) continue;
        ASSERT_EQ(base64url_decode(text).has_value(), is_good) << size << ' ' << at << ' ' << byte;
      }
    }
  }
}

}  // namespace
}  // namespace rescind
