// Authentic tokens by their text, bounded in number and in bytes: the memory of a CachingVerifier, and of whoever else checks
// tokens again and again. `Voucher` is what it has to know of who stands behind a token.
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

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "rescind/caching_verifier.h"
#include "rescind/token_keys.h"
#include "verify/kept_claims.h"
#include "verify/text_digest.h"

namespace rescind {

inline constexpr std::size_t kTokenEnd = 64;

// In the order in which a check reads it.
template <class Voucher>
struct alignas(64) KnownToken {
  KnownToken(AuthenticToken authentic, Voucher voucher) : token(std::move(authentic)), by(std::move(voucher)) {}

  TextDigest digest;  // set by the store
  AuthenticToken token;
  Voucher by;
  std::array<char, kTokenEnd> end{};  // of the text; set by the store
  TokenKeys keys;
  std::size_t bytes = 0;  // that it counts for; set by the store
};

template <class Voucher>
class TokenStore {
 public:
  using Known = KnownToken<Voucher>;

  explicit TokenStore(CacheLimits limits) : limits_(limits), set_count_(std::bit_ceil((limits.tokens + kWays - 1) / kWays)) {}

  // Null where this very text is not here. Valid until the next insert() or remove().
  Known* find(std::string_view text) const;

  // `is_expired(token)` says which ones are of no more use. Does nothing where the bounds leave no room at all.
  using IsExpired = std::function<bool(const Known&)>;
  void insert(std::string_view text, Known token, const IsExpired& is_expired);
  void remove(const Known& token);

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kWays = 4;
  struct alignas(64) Set {
    std::array<std::uint64_t, kWays> places{};
    std::array<std::unique_ptr<Known>, kWays> tokens;
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
  static bool has_end(std::string_view text) { return text.size() >= kTokenEnd && text.size() <= kMaxTokenBytes; }
  static std::string_view end_of(std::string_view text) { return text.substr(text.size() - kTokenEnd); }
  static std::string_view end_of(const Known& token) { return {token.end.data(), token.end.size()}; }
  static std::size_t bytes_of(const Known& token) {
    constexpr std::size_t kAllocation = 16;  // what malloc adds
    return sizeof(Known) + kAllocation + kept_bytes(token.token.claims()) + kAllocation;
  }
  // What a check reads of it stands in its first bytes.
  static void prefetch(const void* object, std::size_t bytes) {
    for (std::size_t at = 0; at < bytes; at += 64) __builtin_prefetch(static_cast<const char*>(object) + at);
  }

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

template <class Voucher>
KnownToken<Voucher>* TokenStore<Voucher>::find(std::string_view text) const {
  if (!table_ || !has_end(text)) return nullptr;
  const std::uint64_t place = table_->place_of(end_of(text));
  const Set& set = set_of(place);
  for (std::size_t way = 0; way < kWays; ++way) {
    Known* const known = set.tokens[way].get();
    if (set.places[way] != place || known == nullptr) continue;
    prefetch(known, 192);
    if (table_->hash(text) != known->digest) continue;
    prefetch(&known->token.claims(), 128);
    if (end_of(text) == end_of(*known)) return known;
  }
  return nullptr;
}

template <class Voucher>
void TokenStore<Voucher>::insert(std::string_view text, Known token, const IsExpired& is_expired) {
  token.bytes = bytes_of(token);
  if (limits_.tokens == 0 || token.bytes > limits_.bytes || !has_end(text)) return;
  if (!table_) table_ = std::make_unique<Table>(set_count_);
  sweep(is_expired);
  make_room(token.bytes);
  token.digest = table_->hash(text);
  std::ranges::copy(end_of(text), token.end.begin());
  const std::uint64_t place = table_->place_of(end_of(text));
  Set& set = set_of(place);
  std::size_t way = place % kWays;
  for (std::size_t other = 0; other < kWays; ++other) {
    if (set.tokens[other] && is_expired(*set.tokens[other])) clear(set, other);
    if (!set.tokens[other]) way = other;
  }
  if (set.tokens[way]) clear(set, way);
  ++size_;
  bytes_ += token.bytes;
  set.places[way] = place;
  set.tokens[way] = std::make_unique<Known>(std::move(token));
}

template <class Voucher>
void TokenStore<Voucher>::remove(const Known& token) {
  Set& set = set_of(table_->place_of(end_of(token)));
  for (std::size_t way = 0; way < kWays; ++way) {
    if (set.tokens[way].get() == &token) return clear(set, way);
  }
}

template <class Voucher>
void TokenStore<Voucher>::clear(Set& set, std::size_t way) {
  --size_;
  bytes_ -= set.tokens[way]->bytes;
  set.tokens[way].reset();
}

template <class Voucher>
void TokenStore<Voucher>::sweep(const IsExpired& is_expired) {
  Set& set = table_->sets[hand_];
  for (std::size_t way = 0; way < kWays; ++way) {
    if (set.tokens[way] && is_expired(*set.tokens[way])) clear(set, way);
  }
  hand_ = (hand_ + 1) & (set_count_ - 1);
}

template <class Voucher>
void TokenStore<Voucher>::make_room(std::size_t bytes) {
  while (bytes_ + bytes > limits_.bytes) {
    Set& set = table_->sets[hand_];
    for (std::size_t way = 0; way < kWays && bytes_ + bytes > limits_.bytes; ++way) {
      if (set.tokens[way]) clear(set, way);
    }
    if (bytes_ + bytes > limits_.bytes) hand_ = (hand_ + 1) & (set_count_ - 1);
  }
}

}  // namespace rescind

#endif  // RESCIND_VERIFY_TOKEN_STORE_H_
