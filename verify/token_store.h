// The memory of a CachingVerifier: authentic tokens by their text, bounded in number and in bytes.
//
// A table of sets of four, found by a keyed hash; within a set the whole texts are compared. Where a set is full, one that has
// expired goes, else any. Each insertion also looks at a few entries further on and lets go of those that have expired, so that
// none stays for long behind its time.
//
// Thread-safety: one thread at a time.
#ifndef RESCIND_VERIFY_TOKEN_STORE_H_
#define RESCIND_VERIFY_TOKEN_STORE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rescind/caching_verifier.h"
#include "rescind/token_keys.h"

namespace rescind {

struct KnownToken {
  std::string text;
  AuthenticToken token;
  TokenKeys keys;
  std::shared_ptr<const TrustedIssuer> issuer;  // that vouches for it
  const VerificationKey* key;                   // of issuer->keys
  std::uint64_t generation;                     // of the issuers among which that was found last
  std::size_t bytes = 0;                        // that it counts for
};

class TokenStore {
 public:
  explicit TokenStore(CacheLimits limits);

  // Null where this very text is not here. Valid until the next insert() or remove().
  KnownToken* find(std::string_view text) const;

  // `is_expired(token)` says which ones are of no more use. Does nothing where the bounds leave no room at all.
  using IsExpired = std::function<bool(const KnownToken&)>;
  void insert(KnownToken token, const IsExpired& is_expired);
  void remove(const KnownToken& token);

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kWays = 4;
  // The end of a token is its signature, which nobody but its issuer can choose: enough to tell tokens apart.
  static constexpr std::size_t kHashedBytes = 64;

  struct alignas(64) Set {
    std::array<std::uint64_t, kWays> hashes{};
    std::array<std::unique_ptr<KnownToken>, kWays> tokens;
  };

  std::uint64_t hash(std::string_view text) const;
  Set& set_of(std::uint64_t hash_of_text) const { return (*sets_)[(hash_of_text >> 32) & (set_count_ - 1)]; }
  void clear(Set& set, std::size_t way);
  void sweep(const IsExpired& is_expired);
  void make_room(std::size_t bytes);

  const CacheLimits limits_;
  const std::size_t set_count_;  // a power of two
  // Random: someone who collects tokens cannot find out which of them meet in one set.
  std::array<std::uint64_t, kHashedBytes / 8> seed_;
  std::unique_ptr<std::vector<Set>> sets_;  // made with the first token
  std::size_t hand_ = 0;                    // the set that sweep() and make_room() come to next
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_TOKEN_STORE_H_
