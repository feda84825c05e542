// Multiples of one public key on P-256, made beforehand, and ECDSA with them.
//
// A check multiplies two points: the generator, of which OpenSSL has a table, and the key, of which it has none, and that is
// most of the check. With a table of the key's multiples a check takes three fifths of the time. The arithmetic is OpenSSL's;
// here are the equations of FIPS 186-5 section 6.4.2 alone. All that goes in is public, so nothing needs to take the same time
// always.
#ifndef RESCIND_VERIFY_P256_TABLE_H_
#define RESCIND_VERIFY_P256_TABLE_H_

#include <openssl/ec.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "verify/evp.h"
#include "verify/sha256.h"

namespace rescind {

// Thread-safety: any number of threads may call verify().
class P256Table {
 public:
  // Takes some 20 ms, and 150 KB. Null where there is no memory, or OpenSSL has no such tables.
  // Precondition: `key` is a point of the curve, and not that at infinity.
  static std::unique_ptr<const P256Table> make(const EC_POINT& key);

  // Whether r and s sign the digest. Precondition: both are in 1..n-1.
  bool verify(const Sha256Digest& digest, const BIGNUM* r, const BIGNUM* s) const;

 private:
  using Group = std::unique_ptr<EC_GROUP, EvpDeleter<EC_GROUP_free>>;

  P256Table(Group curve, Group of_key) : curve_(std::move(curve)), of_key_(std::move(of_key)) {}

  Group curve_;
  Group of_key_;  // the same curve, with the key in the place of the generator
};

// The table of a key that has been used so often that it pays: 20 ms once, by who comes then, for 30 us a check.
//
// Thread-safety: any number of threads; one of them makes the table, and no other waits for it.
class P256TableInUse {
 public:
  static constexpr std::uint32_t kChecksBefore = 1024;

  P256TableInUse() = default;
  ~P256TableInUse() { delete table_.load(std::memory_order_acquire); }
  P256TableInUse(const P256TableInUse&) = delete;
  P256TableInUse& operator=(const P256TableInUse&) = delete;

  // For one check. Null as long as there is none. Always to be asked with the same key.
  const P256Table* find(const EC_POINT& key);

 private:
  std::atomic<std::uint32_t> checks_{0};
  std::atomic<const P256Table*> table_{nullptr};  // owned
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_P256_TABLE_H_
