// ECDSA with a table of the key's multiples, against OpenSSL's own check and against the cases in which such checks go wrong.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "verify/p256_table.h"

#include <gtest/gtest.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

namespace rescind {
namespace {

using Point = std::unique_ptr<EC_POINT, EvpDeleter<EC_POINT_free>>;
using Context = std::unique_ptr<BN_CTX, EvpDeleter<BN_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, EvpDeleter<ECDSA_SIG_free>>;

class P256 : public ::testing::Test {
 protected:
  // Of 32 random bytes, modulo n.
  Bignum scalar() {
    std::array<unsigned char, 32> bytes;
    std::ranges::generate(bytes, [&] { return static_cast<unsigned char>(random()); });
    Bignum number(BN_bin2bn(bytes.data(), bytes.size(), nullptr));
    BN_nnmod(number.get(), number.get(), order, context.get());
    return number;
  }
  Bignum product(const BIGNUM* a, const BIGNUM* b) const {
    Bignum result(BN_new());
    BN_mod_mul(result.get(), a, b, order, context.get());
    return result;
  }
  Bignum inverse(const BIGNUM* a) const { return Bignum(BN_mod_inverse(nullptr, a, order, context.get())); }

  static Sha256Digest digest_of(const BIGNUM* number) {
    Sha256Digest digest;
    EXPECT_EQ(BN_bn2binpad(number, digest.data(), digest.size()), 32);
    return digest;
  }
  static Bignum number_of(const Sha256Digest& digest) {
    return Bignum(BN_bin2bn(digest.data(), static_cast<int>(digest.size()), nullptr));
  }

  Point multiple_of_generator(const BIGNUM* by) const {
    Point point(EC_POINT_new(group));
    EXPECT_EQ(EC_POINT_mul(group, point.get(), by, nullptr, nullptr, context.get()), 1);
    return point;
  }

  // What both say, which has to be the same.
  bool verifies(const EC_POINT& key, const P256Table& table, const Sha256Digest& digest, const BIGNUM* r,
                const BIGNUM* s) const {
    EC_KEY_set_public_key(openssl_key.get(), &key);
    const Signature signature(ECDSA_SIG_new());
    ECDSA_SIG_set0(signature.get(), BN_dup(r), BN_dup(s));
    const bool is_good =
        ECDSA_do_verify(digest.data(), static_cast<int>(digest.size()), signature.get(), openssl_key.get()) == 1;
    EXPECT_EQ(table.verify(digest, r, s), is_good);
    return is_good;
  }

  std::mt19937 random{1};
  const Context context{BN_CTX_new()};
  const std::unique_ptr<EC_KEY, EvpDeleter<EC_KEY_free>> openssl_key{EC_KEY_new_by_curve_name(NID_X9_62_prime256v1)};
  const EC_GROUP* const group = EC_KEY_get0_group(openssl_key.get());
  const BIGNUM* const order = EC_GROUP_get0_order(group);
};

TEST_F(P256, SignaturesVerifyAndTheirAlterationsDoNot) {
  for (int round = 0; round < 3; ++round) {
    const Bignum secret = scalar();
    const Point key = multiple_of_generator(secret.get());
    const auto table = P256Table::make(*key);
    ASSERT_NE(table, nullptr);
    EC_KEY_set_private_key(openssl_key.get(), secret.get());
    for (int i = 0; i < 60; ++i) {
      Sha256Digest digest = digest_of(scalar().get());
      if (i == 0) digest.fill(0xff);  // more than n
      if (i == 1) digest.fill(0);
      const Signature signature(ECDSA_do_sign(digest.data(), static_cast<int>(digest.size()), openssl_key.get()));
      const BIGNUM* const r = ECDSA_SIG_get0_r(signature.get());
      const BIGNUM* const s = ECDSA_SIG_get0_s(signature.get());
      EXPECT_TRUE(verifies(*key, *table, digest, r, s));
      Bignum other(BN_dup(s));
      BN_sub(other.get(), order, s);
      EXPECT_TRUE(verifies(*key, *table, digest, r, other.get()));
      EXPECT_FALSE(verifies(*key, *table, digest, s, r));
      EXPECT_FALSE(verifies(*key, *table, digest, scalar().get(), s));
      EXPECT_FALSE(verifies(*key, *table, digest, r, scalar().get()));
      EXPECT_FALSE(verifies(*key, *table, digest, BN_value_one(), BN_value_one()));
      digest[static_cast<std::size_t>(i) % 32] ^= static_cast<std::uint8_t>(1 << i % 8);
      EXPECT_FALSE(verifies(*key, *table, digest, r, s));
    }
  }
}

// The point that is computed is that at infinity, which has no x: digest + r * secret = 0.
TEST_F(P256, ThePointAtInfinityIsNoSignature) {
  const Bignum secret = scalar();
  const Point key = multiple_of_generator(secret.get());
  const auto table = P256Table::make(*key);
  const Bignum r = scalar();
  const Bignum digest = product(r.get(), secret.get());
  BN_sub(digest.get(), order, digest.get());
  EXPECT_FALSE(verifies(*key, *table, digest_of(digest.get()), r.get(), scalar().get()));
}

// Both multiples are the same point: digest = r * secret. Then s is right for twice that point.
TEST_F(P256, TwoEqualMultiplesAreAdded) {
  const Bignum secret = scalar();
  const Point key = multiple_of_generator(secret.get());
  const auto table = P256Table::make(*key);
  const Bignum nonce = scalar();
  const Point point = multiple_of_generator(nonce.get());
  const Bignum r(BN_new());
  EC_POINT_get_affine_coordinates(group, point.get(), r.get(), nullptr, context.get());
  BN_nnmod(r.get(), r.get(), order, context.get());
  const Bignum digest = product(r.get(), secret.get());
  Bignum twice(BN_dup(digest.get()));
  BN_mod_lshift1(twice.get(), twice.get(), order, context.get());
  const Bignum s = product(twice.get(), inverse(nonce.get()).get());
  EXPECT_TRUE(verifies(*key, *table, digest_of(digest.get()), r.get(), s.get()));
  EXPECT_FALSE(verifies(*key, *table, digest_of(twice.get()), r.get(), s.get()));
}

// An x between n and the prime of the field, which is r + n: a key for which it is right, Q = (s R - digest G) / r.
TEST_F(P256, AnXBeyondTheOrderIsTakenModuloIt) {
  const Bignum x(BN_dup(order));
  const Point point(EC_POINT_new(group));
  do {
    BN_add_word(x.get(), 1);
  } while (EC_POINT_set_compressed_coordinates(group, point.get(), x.get(), 0, context.get()) != 1);
  const Bignum r(BN_dup(x.get()));
  BN_sub(r.get(), r.get(), order);
  const Bignum s = scalar();
  const Bignum digest = scalar();
  const Bignum by_r = inverse(r.get());
  const Bignum of_point = product(s.get(), by_r.get());
  Bignum of_generator = product(digest.get(), by_r.get());
  BN_sub(of_generator.get(), order, of_generator.get());
  const Point key(EC_POINT_new(group));
  ASSERT_EQ(EC_POINT_mul(group, key.get(), of_generator.get(), point.get(), of_point.get(), context.get()), 1);
  const auto table = P256Table::make(*key);
  EXPECT_TRUE(verifies(*key, *table, digest_of(digest.get()), r.get(), s.get()));
  BN_add_word(r.get(), 1);
  EXPECT_FALSE(verifies(*key, *table, digest_of(digest.get()), r.get(), s.get()));
}

// OpenSSL's own table is of the generator, and must not be taken for the key's.
TEST_F(P256, TheGeneratorItselfAsAKey) {
  const Point key = multiple_of_generator(BN_value_one());
  const auto table = P256Table::make(*key);
  EC_KEY_set_private_key(openssl_key.get(), BN_value_one());
  const Sha256Digest digest = digest_of(scalar().get());
  const Signature signature(ECDSA_do_sign(digest.data(), static_cast<int>(digest.size()), openssl_key.get()));
  const BIGNUM* const s = ECDSA_SIG_get0_s(signature.get());
  EXPECT_TRUE(verifies(*key, *table, digest, ECDSA_SIG_get0_r(signature.get()), s));
  EXPECT_FALSE(verifies(*key, *table, digest, s, s));
}

TEST_F(P256, ATableIsMadeOnceItPaysAndByOneThread) {
  const Point key = multiple_of_generator(scalar().get());
  P256TableInUse in_use;
  for (std::uint32_t i = 0; i < P256TableInUse::kChecksBefore; ++i) ASSERT_EQ(in_use.find(*key), nullptr);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (in_use.find(*key) == nullptr) std::this_thread::yield();
    });
  }
  for (std::thread& thread : threads) thread.join();
  const P256Table* const table = in_use.find(*key);
  EXPECT_NE(table, nullptr);
  EXPECT_EQ(in_use.find(*key), table);
}

}  // namespace
}  // namespace rescind
