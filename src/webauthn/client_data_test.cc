#include "webauthn/client_data.h"

#include <gtest/gtest.h>

#include <string>

#include "webauthn/testing/authenticator.h"
#include "webauthn/testing/relying_party.h"

namespace rescind {
namespace {

using testing::ClientDataText;
using testing::quote;
using testing::relying_party;

PasskeyChallenge challenge() {
  PasskeyChallenge challenge;
  for (std::size_t i = 0; i < challenge.bytes.size(); ++i) challenge.bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
  return challenge;
}

ClientDataText client_data(PasskeyCeremony ceremony = PasskeyCeremony::kSignIn) { return {ceremony, challenge()}; }

// Empty where it is accepted.
std::string refusal(const std::string& text, const RelyingParty& party = relying_party()) {
  const auto checked = check_client_data(text, PasskeyCeremony::kSignIn, challenge(), party);
  return checked ? "" : std::string(to_string(checked.error()));
}

TEST(ClientData, UnknownMembersArePassedOver) {
  EXPECT_EQ(refusal(client_data().text()), "");
  EXPECT_EQ(
      refusal(client_data().set("extraData", R"({"a":[1,2.5,null]})").set("tokenBinding", R"({"status":"present"})").text()),
      "");
  EXPECT_EQ(refusal(client_data().remove("crossOrigin").text()), "");
}

TEST(ClientData, NamesTheChallengeThatItAnswersWhereItCouldBeOurs) {
  EXPECT_EQ(read_challenge(client_data().text()), challenge());
  for (const std::string& other : {std::string(), std::string(42, 'A'), std::string(44, 'A'), std::string(42, 'A') + "B"}) {
    EXPECT_FALSE(read_challenge(client_data().set("challenge", quote(other)).text())) << other;
  }
  EXPECT_FALSE(read_challenge(client_data().set("challenge", "1").text()));
  EXPECT_FALSE(read_challenge(client_data().remove("challenge").text()));
  EXPECT_FALSE(read_challenge("[]"));
  EXPECT_FALSE(read_challenge(client_data().text() + std::string(kMaxClientDataBytes, ' ')));
}

TEST(ClientData, ItsTypeIsTheCeremonys) {
  for (const PasskeyCeremony made : {PasskeyCeremony::kRegistration, PasskeyCeremony::kSignIn}) {
    for (const PasskeyCeremony used : {PasskeyCeremony::kRegistration, PasskeyCeremony::kSignIn}) {
      const auto checked = check_client_data(client_data(made).text(), used, challenge(), relying_party());
      ASSERT_EQ(checked.has_value(), made == used);
      if (!checked) {
        EXPECT_EQ(checked.error(), WebauthnError::kWrongType);
      }
    }
  }
  for (const std::string_view type : {"", "webauthn", "webauthn.get ", "Webauthn.get", "webauthn.get\\u0000", "payment.get"}) {
    EXPECT_EQ(refusal(client_data().set("type", "\"" + std::string(type) + "\"").text()), "wrong_type") << type;
  }
}

TEST(ClientData, ItsChallengeIsOursInEveryBit) {
  for (std::size_t bit = 0; bit < 256; ++bit) {
    PasskeyChallenge other = challenge();
    other.bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_EQ(refusal(ClientDataText(PasskeyCeremony::kSignIn, other).text()), "challenge_mismatch") << bit;
  }
  const std::string text = challenge().text();
  for (const std::string& other : {std::string(), text.substr(1), text.substr(0, 42), text + "=", text + "A", "A" + text}) {
    EXPECT_EQ(refusal(client_data().set("challenge", quote(other)).text()), "challenge_mismatch") << other;
  }
}

TEST(ClientData, ItsOriginIsOneOfOurs) {
  EXPECT_EQ(refusal(client_data().set("origin", quote("https://login.example.org:8443")).text()), "");
  for (const std::string_view origin :
       {"", "null", "https://example.com", "https://evil-example.org", "https://example.org.evil.com",
        "https://sub.example.org", "http://example.org", "https://example.org:443", "https://example.org/",
        "https://example.org#", "https://EXAMPLE.ORG", "https://login.example.org", "https://example.org\t",
        "https://example.org,https://evil.com"}) {
    EXPECT_EQ(refusal(client_data().set("origin", quote(origin)).text()), "origin_not_allowed") << origin;
  }
}

TEST(ClientData, AFrameIsAllowedWhereThePageAtTheTopIsKnown) {
  const RelyingParty framed = relying_party({"https://example.com"});
  const auto text = [](const char* cross_origin, const char* top_origin) {
    ClientDataText data = client_data();
    data.remove("crossOrigin");
    if (cross_origin != nullptr) data.set("crossOrigin", cross_origin);
    if (top_origin != nullptr) data.set("topOrigin", quote(top_origin));
    return data.text();
  };
  const char* const kTop = "https://example.com";
  struct Case {
    const char* cross_origin;
    const char* top_origin;
    const char* unframed;  // what a relying party says that lets nobody frame it
    const char* framed;    // and one that lets kTop
  };
  const Case cases[] = {
      {nullptr, nullptr, "", ""},
      {"false", nullptr, "", ""},
      {"true", nullptr, "cross_origin", "cross_origin"},
      {"true", kTop, "cross_origin", ""},
      {"true", "https://evil.com", "cross_origin", "cross_origin"},
      {"true", "https://example.com.evil.com", "cross_origin", "cross_origin"},
      {"true", "https://example.org", "cross_origin", "cross_origin"},
      {"true", "", "cross_origin", "cross_origin"},
      {"false", kTop, "cross_origin", "cross_origin"},
      {nullptr, kTop, "cross_origin", "cross_origin"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(refusal(text(one.cross_origin, one.top_origin)), one.unframed);
    EXPECT_EQ(refusal(text(one.cross_origin, one.top_origin), framed), one.framed);
  }
  for (const char* const value : {"null", "0", "\"true\"", "\"false\"", "{}"}) {
    EXPECT_EQ(refusal(client_data().set("crossOrigin", value).text()), "malformed_client_data") << value;
  }
  for (const char* const value : {"null", "true", "1", "[]"}) {
    EXPECT_EQ(refusal(client_data().set("topOrigin", value).text()), "malformed_client_data") << value;
  }
}

TEST(ClientData, IsStrictJsonWithEveryMember) {
  const std::string good = client_data().text();
  for (const char* const name : {"type", "challenge", "origin"}) {
    EXPECT_EQ(refusal(client_data().remove(name).text()), "malformed_client_data") << name;
    for (const char* const value : {"null", "1", "true", "[]", "{}"}) {
      EXPECT_EQ(refusal(client_data().set(name, value).text()), "malformed_client_data") << name << value;
    }
  }
  const std::string twice = good.substr(0, good.size() - 1) + R"(,"origin":"https://example.org"})";
  const std::string twice_escaped = good.substr(0, good.size() - 1) + R"(,"\u006frigin":"https://example.org"})";
  for (const std::string& bad : {std::string(), std::string("null"), std::string("[]"), std::string("{}"), twice, twice_escaped,
                                 good + "x", "\xef\xbb\xbf" + good, good.substr(0, good.size() - 1), good + good}) {
    EXPECT_EQ(refusal(bad), "malformed_client_data") << bad;
  }
}

TEST(ClientData, IsBounded) {
  const std::size_t rest = client_data().set("x", quote("")).text().size();
  EXPECT_EQ(refusal(client_data().set("x", quote(std::string(kMaxClientDataBytes - rest, 'x'))).text()), "");
  EXPECT_EQ(refusal(client_data().set("x", quote(std::string(kMaxClientDataBytes - rest + 1, 'x'))).text()),
            "malformed_client_data");
  const std::string deep = std::string(1000, '[') + std::string(1000, ']');
  EXPECT_EQ(refusal(client_data().set("x", deep).text()), "malformed_client_data");
}

}  // namespace
}  // namespace rescind
