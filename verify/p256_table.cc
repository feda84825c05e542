// OpenSSL 3 deprecates tables of one's own because its providers make none; its own curves still do.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "verify/p256_table.h"

#include <openssl/obj_mac.h>

#include <utility>

namespace rescind {
namespace {

using Point = std::unique_ptr<EC_POINT, EvpDeleter<EC_POINT_free>>;

// Numbers for one check.
class Scratch {
 public:
  Scratch() : context_(BN_CTX_new()) {
    if (context_) BN_CTX_start(context_.get());
  }
  ~Scratch() {
    if (context_) BN_CTX_end(context_.get());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  BN_CTX* get() const { return context_.get(); }
  BIGNUM* number() { return context_ ? BN_CTX_get(context_.get()) : nullptr; }  // null where there is no memory

 private:
  std::unique_ptr<BN_CTX, EvpDeleter<BN_CTX_free>> context_;
};

}  // namespace

std::unique_ptr<const P256Table> P256Table::make(const EC_POINT& key) {
  Group curve(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  Group of_key(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  if (!curve || !of_key || EC_GROUP_set_generator(of_key.get(), &key, EC_GROUP_get0_order(curve.get()), BN_value_one()) != 1 ||
      EC_GROUP_precompute_mult(of_key.get(), nullptr) != 1 || EC_GROUP_have_precompute_mult(of_key.get()) != 1) {
    return nullptr;
  }
  return std::unique_ptr<const P256Table>(new P256Table(std::move(curve), std::move(of_key)));
}

// With w = 1 / s: the signature is right where the point (digest * w) G + (r * w) Q has an x that is r modulo n.
bool P256Table::verify(const Sha256Digest& digest, const BIGNUM* r, const BIGNUM* s) const {
  const EC_GROUP* const curve = curve_.get();
  const BIGNUM* const n = EC_GROUP_get0_order(curve);
  Scratch scratch;
  BIGNUM* const w = scratch.number();
  BIGNUM* const of_generator = scratch.number();
  BIGNUM* const of_key = scratch.number();
  BIGNUM* const x = scratch.number();  // the last: null where any of them is
  const Point sum(EC_POINT_new(curve));
  const Point multiple(EC_POINT_new(of_key_.get()));
  if (x == nullptr || !sum || !multiple) return false;
  BN_CTX* const context = scratch.get();
  return BN_mod_inverse(w, s, n, context) != nullptr &&
         BN_bin2bn(digest.data(), static_cast<int>(digest.size()), of_generator) != nullptr &&
         BN_mod_mul(of_generator, of_generator, w, n, context) == 1 && BN_mod_mul(of_key, r, w, n, context) == 1 &&
         EC_POINT_mul(curve, sum.get(), of_generator, nullptr, nullptr, context) == 1 &&
         EC_POINT_mul(of_key_.get(), multiple.get(), of_key, nullptr, nullptr, context) == 1 &&
         EC_POINT_add(curve, sum.get(), sum.get(), multiple.get(), context) == 1 &&
         EC_POINT_is_at_infinity(curve, sum.get()) == 0 &&
         EC_POINT_get_affine_coordinates(curve, sum.get(), x, nullptr, context) == 1 && BN_nnmod(x, x, n, context) == 1 &&
         BN_cmp(x, r) == 0;
}

const P256Table* P256TableInUse::find(const EC_POINT& key) {
  const P256Table* const table = table_.load(std::memory_order_acquire);
  if (table != nullptr) return table;
  // Only one comes as this number; where it could make no table, there is none, and none is tried again.
  if (checks_.load(std::memory_order_relaxed) > kChecksBefore) return nullptr;
  if (checks_.fetch_add(1, std::memory_order_relaxed) == kChecksBefore) {
    table_.store(P256Table::make(key).release(), std::memory_order_release);
  }
  return table_.load(std::memory_order_acquire);
}

}  // namespace rescind
