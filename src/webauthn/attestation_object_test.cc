#include "webauthn/attestation_object.h"

#include <gtest/gtest.h>

#include <string>

#include "verify/sha256.h"
#include "webauthn/testing/authenticator.h"
#include "webauthn/testing/cbor_text.h"

namespace rescind {
namespace {

using testing::attestation_object;
using testing::cbor_array;
using testing::cbor_bytes;
using testing::cbor_integer;
using testing::cbor_map;
using testing::cbor_text;

bool accepts(const std::string& text) { return parse_attestation_object(as_bytes(text)).has_value(); }

const std::string kStatement = cbor_map({{cbor_text("alg"), cbor_integer(-7)},
                                         {cbor_text("sig"), cbor_bytes("signature")},
                                         {cbor_text("x5c"), cbor_array({cbor_bytes("certificate"), cbor_bytes("another")})}});

TEST(AttestationObject, IsFormatStatementAndData) {
  const std::string text = attestation_object("none", cbor_map({}), "data");
  const auto parsed = parse_attestation_object(as_bytes(text));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->format, "none");
  EXPECT_EQ(as_text(parsed->authenticator_data), "data");
}

TEST(AttestationObject, NoneHasNoStatement) {
  EXPECT_FALSE(accepts(attestation_object("none", kStatement, "data")));
  EXPECT_FALSE(accepts(attestation_object("none", cbor_array({}), "data")));
  EXPECT_FALSE(accepts(attestation_object("none", "\xf6", "data")));
}

TEST(AttestationObject, AStatementOfAnotherFormatIsBoundedAndIgnored) {
  for (const std::string format : {"packed", "tpm", "android-key", "fido-u2f", "apple", "not-known-yet"}) {
    EXPECT_TRUE(accepts(attestation_object(format, kStatement, "data"))) << format;
    EXPECT_TRUE(accepts(attestation_object(format, cbor_map({}), "data"))) << format;
    EXPECT_FALSE(accepts(attestation_object(format, cbor_bytes("statement"), "data"))) << format;
    EXPECT_FALSE(accepts(attestation_object(format, std::string(100'000, '\x81'), "data"))) << format;
    EXPECT_FALSE(accepts(attestation_object(format, "\x9f\xff", "data"))) << format;
  }
  EXPECT_TRUE(accepts(attestation_object("compound", cbor_array({cbor_map({}), kStatement}), "data")));
  const auto sized = [](std::size_t size) { return cbor_map({{cbor_text("x"), cbor_bytes(std::string(size, 'x'))}}); };
  const std::size_t rest = attestation_object("packed", sized(30000), "data").size() - 30000;
  EXPECT_TRUE(accepts(attestation_object("packed", sized(kMaxAttestationBytes - rest), "data")));
  EXPECT_FALSE(accepts(attestation_object("packed", sized(kMaxAttestationBytes - rest + 1), "data")));
}

TEST(AttestationObject, AFormatHas1To32Bytes) {
  EXPECT_TRUE(accepts(attestation_object(std::string(32, 'x'), kStatement, "data")));
  EXPECT_FALSE(accepts(attestation_object(std::string(33, 'x'), kStatement, "data")));
  EXPECT_FALSE(accepts(attestation_object("", kStatement, "data")));
}

TEST(AttestationObject, HasThreeMembersAndNothingBehind) {
  const std::pair<std::string, std::string> format{cbor_text("fmt"), cbor_text("none")};
  const std::pair<std::string, std::string> statement{cbor_text("attStmt"), cbor_map({})};
  const std::pair<std::string, std::string> data{cbor_text("authData"), cbor_bytes("data")};
  EXPECT_TRUE(accepts(cbor_map({data, statement, format})));
  const std::string bad[] = {
      "",
      cbor_map({}),
      cbor_array({}),
      cbor_map({statement, data}),
      cbor_map({format, data}),
      cbor_map({format, statement}),
      cbor_map({format, statement, data, data}),
      cbor_map({format, statement, data, {cbor_text("epAtt"), "\xf5"}}),
      cbor_map({format, statement, data}) + '\0',
      cbor_map({{cbor_text("fmt"), cbor_bytes("none")}, statement, data}),
      cbor_map({format, statement, {cbor_text("authData"), cbor_text("data")}}),
      cbor_map({{cbor_text("Fmt"), cbor_text("none")}, statement, data}),
      cbor_map({{cbor_integer(1), cbor_text("none")}, {cbor_integer(2), cbor_map({})}, {cbor_integer(3), cbor_bytes("data")}}),
  };
  for (const std::string& text : bad) EXPECT_FALSE(accepts(text)) << ::testing::PrintToString(text);
}

}  // namespace
}  // namespace rescind
