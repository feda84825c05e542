#include "issuers/trusted_issuers.h"

#include <gtest/gtest.h>

#include "verify/testing/token_maker.h"

namespace rescind {
namespace {

using testing::ClaimsText;
using testing::quote;
using testing::TokenMaker;

constexpr std::chrono::sys_seconds kIssued{std::chrono::seconds(1'700'000'000)};

// A key set at a URL, as TrustedIssuers sees it.
class FakeSource final : public KeySource {
 public:
  FakeSource(std::shared_ptr<const KeySet> keys, KeyOutlook outlook, int& asked)
      : keys_(std::move(keys)), outlook_(outlook), asked_(asked) {}
  std::shared_ptr<const KeySet> find_keys() const override { return keys_; }
  std::uint64_t version() const override { return keys_ ? 1 : kNoKeys; }
  KeyOutlook ask_for_unknown_key() override {
    ++asked_;
    return outlook_;
  }

 private:
  const std::shared_ptr<const KeySet> keys_;
  const KeyOutlook outlook_;
  int& asked_;
};

struct Issuers {
  std::vector<ForeignIssuer> list;
  int asked = 0;

  Issuers& add(const std::string& iss, std::vector<VerificationKey> keys) {
    return add(iss, std::make_shared<const KeySet>(*KeySet::from_keys(std::move(keys))), KeyOutlook::kNone);
  }
  Issuers& add(const std::string& iss, std::shared_ptr<const KeySet> keys, KeyOutlook outlook) {
    ForeignPolicy policy;
    policy.issuer = iss;
    policy.audiences = {std::string(testing::kAudience)};
    list.push_back({iss, policy, std::make_unique<FakeSource>(std::move(keys), outlook, asked)});
    return *this;
  }
};

std::string token(const TokenMaker& maker, const std::string& iss) {
  return maker.make(maker.header().replace(maker.header().find("at+jwt"), 6, "JWT"),
                    ClaimsText(kIssued).set("iss", quote(iss)).text());
}

// The issuer that vouched, or why none did.
std::string ask(const TrustedIssuers& issuers, const std::string& text) {
  const auto result = issuers.authenticate(text);
  if (result) return std::string(result->token.claims().issuer);
  return result.error() == ForeignRefusal::kNotTrusted ? "not trusted" : "unknown";
}

TEST(TrustedIssuers, AKeyVouchesForItsOwnIssuerOnly) {
  const TokenMaker a = TokenMaker::generate(Algorithm::kEs256, "a");
  const TokenMaker b = TokenMaker::generate(Algorithm::kEs256, "b");
  Issuers parts;
  parts.add("A", {a.key()}).add("B", {b.key()});
  const TrustedIssuers issuers(std::move(parts.list));
  EXPECT_EQ(ask(issuers, token(a, "A")), "A");
  EXPECT_EQ(ask(issuers, token(b, "B")), "B");
  EXPECT_EQ(ask(issuers, token(a, "B")), "not trusted");
  EXPECT_EQ(ask(issuers, token(b, "A")), "not trusted");
  EXPECT_EQ(ask(issuers, token(a, "C")), "not trusted");
  EXPECT_EQ(parts.asked, 0) << "the keys were known";
}

TEST(TrustedIssuers, TwoMayUseOneKeyId) {
  const TokenMaker a = TokenMaker::generate(Algorithm::kEs256, "same");
  const TokenMaker b = TokenMaker::generate(Algorithm::kEdDsa, "same");
  const TokenMaker c = TokenMaker::generate(Algorithm::kEs256, "same");
  Issuers parts;
  parts.add("A", {a.key()}).add("B", {b.key()}).add("C", {c.key()});
  const TrustedIssuers issuers(std::move(parts.list));
  EXPECT_EQ(ask(issuers, token(a, "A")), "A");
  EXPECT_EQ(ask(issuers, token(b, "B")), "B");
  EXPECT_EQ(ask(issuers, token(c, "C")), "C");
  EXPECT_EQ(ask(issuers, token(c, "A")), "not trusted");
}

TEST(TrustedIssuers, AnUnknownKeyIdIsAskedForAndOneThatIsAbsentIsNot) {
  const TokenMaker a = TokenMaker::generate(Algorithm::kEs256, "a");
  const TokenMaker stranger = TokenMaker::generate(Algorithm::kEs256, "stranger");
  Issuers parts;
  parts.add("A", {a.key()}).add("B", {a.key()});
  const TrustedIssuers issuers(std::move(parts.list));
  EXPECT_EQ(ask(issuers, token(stranger, "A")), "not trusted");
  EXPECT_EQ(parts.asked, 2);
  EXPECT_EQ(ask(issuers, stranger.make(R"({"alg":"ES256"})", "{}")), "not trusted");
  EXPECT_EQ(ask(issuers, "no.token"), "not trusted");
  EXPECT_EQ(parts.asked, 2);
}

TEST(TrustedIssuers, WhatMayBeOfAnIssuerWithoutKeysIsUnknown) {
  const TokenMaker a = TokenMaker::generate(Algorithm::kEs256, "a");
  const TokenMaker stranger = TokenMaker::generate(Algorithm::kEs256, "stranger");
  Issuers parts;
  parts.add("A", {a.key()}).add("B", nullptr, KeyOutlook::kNone);
  const TrustedIssuers issuers(std::move(parts.list));
  EXPECT_EQ(ask(issuers, token(a, "A")), "A");
  EXPECT_EQ(ask(issuers, token(stranger, "B")), "unknown");
  EXPECT_EQ(ask(issuers, "no.token"), "not trusted") << "no issuer makes such";
}

TEST(TrustedIssuers, AnUnknownKeyIsUnknownWhileAFetchIsOnItsWay) {
  const TokenMaker a = TokenMaker::generate(Algorithm::kEs256, "a");
  const TokenMaker next = TokenMaker::generate(Algorithm::kEs256, "next");
  Issuers parts;
  parts.add("A", std::make_shared<const KeySet>(a.key_set()), KeyOutlook::kOnTheWay);
  const TrustedIssuers issuers(std::move(parts.list));
  EXPECT_EQ(ask(issuers, token(next, "A")), "unknown");
  EXPECT_EQ(ask(issuers, token(TokenMaker::generate(Algorithm::kEs256, "a"), "A")), "not trusted") << "its key is known";
}

TEST(TrustedIssuers, AreFoundByIssByteByByte) {
  Issuers parts;
  parts.add("https://a.example", {TokenMaker::generate(Algorithm::kEs256, "a").key()});
  const TrustedIssuers issuers(std::move(parts.list));
  ASSERT_NE(issuers.find("https://a.example"), nullptr);
  for (const char* other : {"", "https://a.example/", "HTTPS://a.example", "a"})
    EXPECT_EQ(issuers.find(other), nullptr) << other;
}

}  // namespace
}  // namespace rescind
