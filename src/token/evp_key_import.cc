#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <vector>

#include "rescind/base64url.h"
#include "token/evp_key.h"

namespace rescind {
namespace {

constexpr std::size_t kCoordinateBytes = 32;

struct BignumDeleter {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
};
using Bignum = std::unique_ptr<BIGNUM, BignumDeleter>;

Unexpected<Error> refuse(std::string reason) { return fail(ErrorCode::kInvalidRequest, "private JWK: " + std::move(reason)); }

bool has_exactly(const JwkMembers& members, std::initializer_list<std::string_view> names) {
  return members.size() == names.size() &&
         std::all_of(names.begin(), names.end(), [&](std::string_view name) { return members.contains(name); });
}

std::optional<Secret> decode(const JwkMembers& members, std::string_view name) {
  auto bytes = base64url_decode(members.find(name)->second.reveal());
  if (!bytes) return std::nullopt;
  Secret decoded(std::string(bytes->begin(), bytes->end()));
  OPENSSL_cleanse(bytes->data(), bytes->size());
  return decoded;
}

std::optional<Secret> decode_coordinate(const JwkMembers& members, std::string_view name) {
  auto bytes = decode(members, name);
  if (!bytes || bytes->size() != kCoordinateBytes) return std::nullopt;
  return bytes;
}

Bignum to_bignum(const Secret& bytes) {
  return Bignum(BN_bin2bn(bytes.reveal_bytes().data(), static_cast<int>(bytes.size()), nullptr));
}

// Base64urlUInt (RFC 7518 section 2): the shortest form, so no leading zero octet; zero itself is of no use here.
Bignum decode_number(const JwkMembers& members, std::string_view name) {
  const auto bytes = decode(members, name);
  if (!bytes || bytes->empty() || bytes->size() > kMaxSigningRsaBits / 8 || bytes->reveal().front() == '\0') return nullptr;
  return to_bignum(*bytes);
}

// What OpenSSL knows of its own refusals must not be left in its queue for the next caller.
EvpKey build_checked(const char* type, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters(OSSL_PARAM_BLD_to_param(builder), &OSSL_PARAM_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr),
                                                                            &EVP_PKEY_CTX_free);
  EVP_PKEY* made = nullptr;
  const bool built = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                     EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_KEYPAIR, parameters.get()) == 1;
  EvpKey key(made);
  if (built) {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> check(EVP_PKEY_CTX_new(made, nullptr),
                                                                            &EVP_PKEY_CTX_free);
    if (!check || EVP_PKEY_check(check.get()) != 1) key.reset();
  } else {
    key.reset();
  }
  ERR_clear_error();
  return key;
}

using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)>;

Result<EvpKey> import_ec(const JwkMembers& members) {
  if (!has_exactly(members, {"kty", "crv", "x", "y", "d"})) return refuse("an EC key has kty, crv, x, y and d");
  if (members.find("kty")->second.reveal() != "EC" || members.find("crv")->second.reveal() != "P-256") {
    return refuse("ES256 needs kty EC and crv P-256");
  }
  const auto x = decode_coordinate(members, "x");
  const auto y = decode_coordinate(members, "y");
  const auto d = decode_coordinate(members, "d");
  if (!x || !y || !d) return refuse("x, y and d are 32 bytes as base64url");
  const std::string point = "\x04" + std::string(x->reveal()) + std::string(y->reveal());
  const Bignum scalar = to_bignum(*d);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  EvpKey key;
  if (builder && scalar && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1 &&
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar.get()) == 1) {
    key = build_checked("EC", builder.get());
  }
  if (!key) return refuse("x and y are not the point of d");
  return key;
}

Result<EvpKey> import_okp(const JwkMembers& members) {
  if (!has_exactly(members, {"kty", "crv", "x", "d"})) return refuse("an OKP key has kty, crv, x and d");
  if (members.find("kty")->second.reveal() != "OKP" || members.find("crv")->second.reveal() != "Ed25519") {
    return refuse("EdDSA needs kty OKP and crv Ed25519");
  }
  const auto x = decode_coordinate(members, "x");
  const auto d = decode_coordinate(members, "d");
  if (!x || !d) return refuse("x and d are 32 bytes as base64url");
  EvpKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, d->reveal_bytes().data(), d->size()));
  std::array<std::uint8_t, kCoordinateBytes> derived;
  std::size_t size = derived.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), derived.data(), &size) != 1 || size != derived.size() ||
      !equal_in_constant_time(derived, x->reveal_bytes())) {
    ERR_clear_error();
    return refuse("x is not the point of d");
  }
  return key;
}

Result<EvpKey> import_rsa(const JwkMembers& members) {
  if (!has_exactly(members, {"kty", "n", "e", "d", "p", "q", "dp", "dq", "qi"})) {
    return refuse("an RSA key has kty, n, e, d, p, q, dp, dq and qi");
  }
  if (members.find("kty")->second.reveal() != "RSA") return refuse("RS256 and PS256 need kty RSA");
  constexpr std::pair<const char*, const char*> kNumbers[] = {
      {"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
      {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
      {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
      {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
  };
  const ParameterBuilder builder(OSSL_PARAM_BLD_new(), &OSSL_PARAM_BLD_free);
  std::vector<Bignum> numbers;  // the builder keeps references
  for (const auto& [name, parameter] : kNumbers) {
    numbers.push_back(decode_number(members, name));
    if (!numbers.back()) return refuse(std::string(name) + " is not a positive number as base64url in its shortest form");
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), parameter, numbers.back().get()) != 1) return refuse("no memory");
  }
  const int bits = BN_num_bits(numbers[0].get());
  if (bits < kMinRsaBits || bits > kMaxSigningRsaBits) return refuse("n must have 2,048 to 4,096 bits");
  // Bounds the work of the check below: primality is tested for p and q.
  if (BN_num_bits(numbers[1].get()) > 32 || BN_is_odd(numbers[1].get()) != 1) return refuse("e must be odd and below 2^32");
  if (BN_num_bits(numbers[3].get()) > bits / 2 + 1 || BN_num_bits(numbers[4].get()) > bits / 2 + 1) {
    return refuse("p and q must be of half the length of n");
  }
  EvpKey key = build_checked("RSA", builder.get());
  if (!key) return refuse("its numbers do not belong together");
  return key;
}

}  // namespace

Result<EvpKey> evp_key_from_members(const JwkMembers& members, Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEs256: return import_ec(members);
    case Algorithm::kEdDsa: return import_okp(members);
    case Algorithm::kRs256:
    case Algorithm::kPs256: return import_rsa(members);
    case Algorithm::kHs256: break;
  }
  return refuse("an HMAC secret is no EVP key");
}

}  // namespace rescind
