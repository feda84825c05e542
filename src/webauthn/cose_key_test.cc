#include "webauthn/cose_key.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "verify/sha256.h"
#include "verify/testing/token_maker.h"
#include "webauthn/testing/authenticator.h"
#include "webauthn/testing/cbor_text.h"

namespace rescind {
namespace {

using testing::cbor_bytes;
using testing::cbor_integer;
using testing::cbor_map;
using testing::cbor_text;
using testing::TestAuthenticator;
using testing::TokenMaker;
using Members = std::vector<std::pair<std::int64_t, std::string>>;

constexpr Algorithm kAlgorithms[] = {Algorithm::kEs256, Algorithm::kEdDsa, Algorithm::kRs256};
const std::string kExponent("\x01\x00\x01", 3);

std::string cose(const Members& members) {
  std::vector<std::pair<std::string, std::string>> map;
  for (const auto& [label, value] : members) map.emplace_back(cbor_integer(label), value);
  return cbor_map(map);
}

// Empty where it is accepted.
std::string refusal(const std::string& key) {
  const auto parsed = CoseKey::parse(as_bytes(key));
  return parsed ? "" : std::string(to_string(parsed.error()));
}

std::string numbers(Algorithm algorithm) { return TokenMaker::shared(algorithm).public_numbers(); }

Members ec2() {
  const std::string point = numbers(Algorithm::kEs256);
  return {{1, cbor_integer(2)},
          {3, cbor_integer(-7)},
          {-1, cbor_integer(1)},
          {-2, cbor_bytes(point.substr(0, 32))},
          {-3, cbor_bytes(point.substr(32))}};
}
Members okp() {
  return {{1, cbor_integer(1)}, {3, cbor_integer(-8)}, {-1, cbor_integer(6)}, {-2, cbor_bytes(numbers(Algorithm::kEdDsa))}};
}
Members rsa() {
  return {
      {1, cbor_integer(3)}, {3, cbor_integer(-257)}, {-1, cbor_bytes(numbers(Algorithm::kRs256))}, {-2, cbor_bytes(kExponent)}};
}

Members with(Members members, std::int64_t label, const std::string& value) {
  for (auto& [name, old] : members) {
    if (name == label) {
      old = value;
      return members;
    }
  }
  members.emplace_back(label, value);
  return members;
}

TEST(CoseKey, EachKindVerifiesItsSignatureAndNoOther) {
  for (const Algorithm algorithm : kAlgorithms) {
    const TestAuthenticator authenticator(algorithm);
    const std::string text = authenticator.cose_key();
    const auto key = CoseKey::parse(as_bytes(text));
    ASSERT_TRUE(key) << to_string(algorithm);
    EXPECT_EQ(key->algorithm(), algorithm);
    const std::string signature = authenticator.sign("message");
    EXPECT_TRUE(key->verify("message", as_bytes(signature)));
    EXPECT_FALSE(key->verify("massage", as_bytes(signature)));
    EXPECT_FALSE(key->verify("message", as_bytes(signature.substr(1))));
    EXPECT_FALSE(key->verify("message", {}));
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
      std::string changed = signature;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_FALSE(key->verify("message", as_bytes(changed))) << to_string(algorithm) << " " << bit;
    }
  }
}

TEST(CoseKey, ARawEcdsaSignatureIsNoneHere) {
  const std::string text = cose(ec2());
  const auto key = CoseKey::parse(as_bytes(text));
  ASSERT_TRUE(key);
  const std::string raw = TokenMaker::shared(Algorithm::kEs256).sign("message");
  EXPECT_FALSE(key->verify("message", as_bytes(raw)));
}

TEST(CoseKey, TypeAlgorithmAndCurveMustAgree) {
  const std::string types[] = {cbor_integer(1), cbor_integer(2), cbor_integer(3)};
  const std::int64_t algorithms[] = {-7, -8, -9, -19, -35, -36, -37, -38, -39, -47, -53, -257, -258, -259, -65535, 5, 0, 7};
  const std::int64_t curves[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, -1};
  int accepted = 0;
  for (const std::string& type : types) {
    for (const std::int64_t algorithm : algorithms) {
      for (const std::int64_t curve : curves) {
        for (const Members& members : {ec2(), okp()}) {
          const std::string key = cose(with(with(with(members, 1, type), 3, cbor_integer(algorithm)), -1, cbor_integer(curve)));
          if (refusal(key).empty()) ++accepted;
        }
      }
      const bool is_rsa = type == types[2] && algorithm == -257;
      EXPECT_EQ(refusal(cose(with(with(rsa(), 1, type), 3, cbor_integer(algorithm)))), is_rsa ? "" : "unsupported_algorithm");
    }
  }
  EXPECT_EQ(accepted, 2);  // the two that agree
}

TEST(CoseKey, AnUnknownTypeOrAlgorithmIsUnsupported) {
  for (const std::int64_t type : {-1, 0, 4, 5, 6}) {
    EXPECT_EQ(refusal(cose(with(ec2(), 1, cbor_integer(type)))), "unsupported_algorithm") << type;
  }
  EXPECT_EQ(refusal(cose(with(ec2(), 1, cbor_text("EC2")))), "malformed_public_key");
  EXPECT_EQ(refusal(cose(with(ec2(), 3, cbor_text("ES256")))), "malformed_public_key");
  EXPECT_EQ(refusal(cose(with(ec2(), -1, cbor_text("P-256")))), "unsupported_algorithm");
}

TEST(CoseKey, EveryParameterIsNeededAndThereIsNoOther) {
  for (const Members& members : {ec2(), okp(), rsa()}) {
    EXPECT_EQ(refusal(cose(members)), "");
    for (std::size_t i = 0; i < members.size(); ++i) {
      Members fewer = members;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_NE(refusal(cose(fewer)), "") << i;
      Members twice = members;
      twice.push_back(members[i]);
      EXPECT_EQ(refusal(cose(twice)), "malformed_public_key") << i;
    }
    for (const std::int64_t label : {2, 4, 5, -4, -5, 100}) {
      EXPECT_EQ(refusal(cose(with(members, label, cbor_bytes("x")))), "malformed_public_key") << label;
    }
    EXPECT_EQ(refusal(cose(members) + "x"), "malformed_public_key");
  }
  EXPECT_EQ(refusal(""), "malformed_public_key");
  EXPECT_EQ(refusal(cbor_map({})), "malformed_public_key");
  EXPECT_EQ(refusal(cbor_integer(1)), "malformed_public_key");
}

TEST(CoseKey, AP256PointIsUncompressedInFullAndOnTheCurve) {
  const std::string x = numbers(Algorithm::kEs256).substr(0, 32);
  const std::string y = numbers(Algorithm::kEs256).substr(32);
  std::string other = y;
  other.back() = static_cast<char>(other.back() ^ 1);
  EXPECT_EQ(refusal(cose(with(ec2(), -3, cbor_bytes(other)))), "invalid_point");
  EXPECT_EQ(refusal(cose(with(with(ec2(), -2, cbor_bytes(y)), -3, cbor_bytes(x)))), "invalid_point");
  const std::string zero(32, '\0');
  EXPECT_EQ(refusal(cose(with(with(ec2(), -2, cbor_bytes(zero)), -3, cbor_bytes(zero)))), "invalid_point");
  EXPECT_EQ(refusal(cose(with(ec2(), -2, cbor_bytes(std::string(32, '\xff'))))), "invalid_point");
  for (const std::string& wrong : {std::string(), x.substr(1), '\0' + x}) {
    EXPECT_EQ(refusal(cose(with(ec2(), -2, cbor_bytes(wrong)))), "malformed_public_key");
    EXPECT_EQ(refusal(cose(with(ec2(), -3, cbor_bytes(wrong)))), "malformed_public_key");
  }
  for (const std::string sign : {"\xf4", "\xf5"}) EXPECT_EQ(refusal(cose(with(ec2(), -3, sign))), "malformed_public_key");
}

TEST(CoseKey, AnEd25519KeyIs32Bytes) {
  for (const std::size_t size : {0, 31, 33, 57, 64}) {
    EXPECT_EQ(refusal(cose(with(okp(), -2, cbor_bytes(std::string(size, 'x'))))), "malformed_public_key") << size;
  }
}

TEST(CoseKey, RsaHas2048To8192BitsAndAnOddExponent) {
  const auto modulus = [](int bits) {
    return std::string(1, static_cast<char>(1 << ((bits - 1) % 8))) +
           std::string(static_cast<std::size_t>((bits - 1) / 8), '\x01');
  };
  for (const auto& [bits, expected] :
       {std::pair(1024, "weak_key"), {2047, "weak_key"}, {2048, ""}, {8192, ""}, {8193, "weak_key"}}) {
    EXPECT_EQ(refusal(cose(with(rsa(), -1, cbor_bytes(modulus(bits))))), expected) << bits;
  }
  EXPECT_EQ(refusal(cose(with(rsa(), -1, cbor_bytes('\0' + numbers(Algorithm::kRs256))))), "malformed_public_key");
  for (const std::string exponent : {"\x01", "\x02", "\x01\x01\x01\x01\x01"}) {
    EXPECT_EQ(refusal(cose(with(rsa(), -2, cbor_bytes(exponent)))), "weak_key");
  }
  EXPECT_EQ(refusal(cose(with(rsa(), -2, cbor_bytes("")))), "malformed_public_key");
}

}  // namespace
}  // namespace rescind
