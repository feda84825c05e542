// The memory of a CachingVerifier: authentic tokens by their text, bounded in number and in bytes.
//
// The text itself is not kept: what a check has to read of memory decides how long it takes. A token is known again by a keyed
// digest of its whole text and by its last 64 characters, byte for byte. Those are of its signature, which nobody has who does
// not have the token; so even a text that meets the digest is of no use to whoever made it up: it is answered with the claims
// of the token whose signature it bears.
//
// A table of sets of four, found by a digest of the end alone, so that memory is on its way while the rest is read. Where a set
// is full, one that has expired goes, else any. Each insertion also looks at a few entries further on and lets go of those that
// have expired, so that none stays for long behind its time.
//
// Thread-safety: one thread at a time.
#ifndef RESCIND_VERIFY_TOKEN_STORE_H_
#define RESCIND_VERIFY_TOKEN_STORE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "rescind/caching_verifier.h"
#include "rescind/token_keys.h"
#include "verify/text_digest.h"

namespace rescind {

// In the order in which a check reads it.
struct alignas(64) KnownToken {
  static constexpr std::size_t kEnd = 64;

  TextDigest digest;  // set by the store
  AuthenticToken token;
  std::shared_ptr<const TrustedIssuer> issuer;  // that vouches for it
  const VerificationKey* key;                   // of issuer->keys
  std::array<char, kEnd> end;                   // of the text; set by the store
  std::uint64_t generation;                     // of the issuers among which the issuer was found last
  TokenKeys keys;
  std::size_t bytes;  // that it counts for; set by the store
};
static_assert(sizeof(KnownToken) == 256);

class TokenStore {
 public:
  explicit TokenStore(CacheLimits limits);

  // Null where this very text is not here. Valid until the next insert() or remove().
  KnownToken* find(std::string_view text) const;

  // `is_expired(token)` says which ones are of no more use. Does nothing where the bounds leave no room at all.
  using IsExpired = std::function<bool(const KnownToken&)>;
  void insert(std::string_view text, KnownToken token, const IsExpired& is_expired);
  void remove(const KnownToken& token);

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kWays = 4;
  struct alignas(64) Set {
    std::array<std::uint64_t, kWays> places{};
    std::array<std::unique_ptr<KnownToken>, kWays> tokens;
  };
  struct Table {
    explicit Table(std::size_t count) : sets(count) {}
    // Keyed: someone who collects tokens cannot find out which of them meet in one set.
    std::uint64_t place_of(std::string_view end) const {
      const TextDigest digest = hash(end);
      return digest.low ^ digest.high;
    }
    TextHash hash;
    std::vector<Set> sets;
  };

  Set& set_of(std::uint64_t place) const { return table_->sets[(place >> 32) & (set_count_ - 1)]; }
  void clear(Set& set, std::size_t way);
  void sweep(const IsExpired& is_expired);
  void make_room(std::size_t bytes);

  const CacheLimits limits_;
  const std::size_t set_count_;   // a power of two
  std::unique_ptr<Table> table_;  // made with the first token
  std::size_t hand_ = 0;          // the set that sweep() and make_room() come to next
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_TOKEN_STORE_H_
