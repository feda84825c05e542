// Authentic tokens by their text, bounded in number and in bytes: the memory of a CachingVerifier, and of whoever else checks
// tokens again and again. `Voucher` is what it has to know of who stands behind a token.
//
// The text itself is not kept: what a check has to read of memory decides how long it takes. A token is known again by a keyed
// digest of its whole text and by its last 64 characters, byte for byte. Those are of its signature, which nobody has who does
// not have the token; so even a text that meets the digest is of no use to whoever made it up: it is answered with the claims
// of the token whose signature it bears.
//
// One table of places in groups of eight. The digest says which group, and where in it to look first, so that all that a check
// reads is asked of memory at once. Where a group is full, one that has expired goes; where none has, the table grows; where it
// may not, any goes. Each insertion also looks at a few places further on and lets go of those that have expired, so that none
// stays for long behind its time.
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
#include "verify/token_factory.h"

namespace rescind {

inline constexpr std::size_t kTokenEnd = 64;

// In the order in which a check reads it.
template <class Voucher>
struct alignas(64) KnownToken {
  KnownToken() = default;  // no token
  KnownToken(AuthenticToken authentic, Voucher voucher) : token(std::move(authentic)), by(std::move(voucher)) {}

  TextDigest digest;  // set by the store; of size 0 where there is no token
  AuthenticToken token = TokenFactory::authentic(nullptr);
  Voucher by{};
  std::array<char, kTokenEnd> end{};  // of the text; set by the store
  TokenKeys keys;
};

template <class Voucher>
class TokenStore {
 public:
  using Known = KnownToken<Voucher>;

  explicit TokenStore(CacheLimits limits) : limits_(limits) {}

  // Null where this very text is not here. Valid until the next insert() or remove().
  Known* find(std::string_view text);

  // `is_expired(token)` says which ones are of no more use. Does nothing where the bounds leave no room at all.
  using IsExpired = std::function<bool(const Known&)>;
  void insert(std::string_view text, Known token, const IsExpired& is_expired);
  void remove(Known& token);

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return table_.size() * sizeof(Known) + claims_bytes_; }

 private:
  static constexpr std::size_t kWays = 8;
  static constexpr std::size_t kFirstPlaces = 256;
  using Table = std::vector<Known>;  // of a power of two, kWays at least

  static bool has_end(std::string_view text) { return text.size() >= kTokenEnd && text.size() <= kMaxTokenBytes; }
  static std::string_view end_of(std::string_view text) { return text.substr(text.size() - kTokenEnd); }
  static std::string_view end_of(const Known& token) { return {token.end.data(), token.end.size()}; }
  static bool is_free(const Known& place) { return place.digest.size == 0; }
  static std::size_t bytes_of(const Known& token) {
    constexpr std::size_t kAllocation = 16;  // what malloc adds
    return kept_bytes(token.token.claims()) + kAllocation;
  }
  static void prefetch(const void* object, std::size_t bytes) {
    for (std::size_t at = 0; at < bytes; at += 64) __builtin_prefetch(static_cast<const char*>(object) + at);
  }
  // Of the eight places of a digest, in the order of the search. Keyed: someone who collects tokens cannot find out which of
  // them meet.
  static Known& place_of(Table& table, const TextDigest& digest, std::size_t way) {
    return table[((digest.low ^ digest.high) >> 32 & (table.size() - 1)) ^ way];
  }
  static Known* find_free(Table& table, const TextDigest& digest);

  // Whether a table of so many places is within the bounds, and leaves at least as much for the claims.
  bool may_have(std::size_t places) const {
    return places <= std::bit_ceil(std::max(limits_.tokens, kWays)) && places * sizeof(Known) <= limits_.bytes / 2;
  }
  bool make_table();
  bool grow();
  Known& make_place(const TextDigest& digest, const IsExpired& is_expired);
  bool make_room(std::size_t bytes);
  void sweep(const IsExpired& is_expired);

  const CacheLimits limits_;
  std::unique_ptr<const TextHash> hash_;  // made with the table
  Table table_;                           // empty until there is a token
  std::size_t hand_ = 0;                  // the place that sweep() and make_room() come to next
  std::size_t size_ = 0;
  std::size_t claims_bytes_ = 0;
};

template <class Voucher>
KnownToken<Voucher>* TokenStore<Voucher>::find(std::string_view text) {
  if (table_.empty() || !has_end(text)) return nullptr;
  const TextDigest digest = (*hash_)(text);
  constexpr std::size_t kReadOfAHit = 192;
  prefetch(&place_of(table_, digest, 0), kReadOfAHit);
  for (std::size_t way = 0; way < kWays; ++way) {
    Known& known = place_of(table_, digest, way);
    if (digest != known.digest) continue;
    prefetch(&known.token.claims(), 128);
    if (end_of(text) == end_of(known)) return &known;
  }
  return nullptr;
}

template <class Voucher>
void TokenStore<Voucher>::insert(std::string_view text, Known token, const IsExpired& is_expired) {
  if (limits_.tokens == 0 || !has_end(text) || (table_.empty() && !make_table())) return;
  sweep(is_expired);
  token.digest = (*hash_)(text);
  std::ranges::copy(end_of(text), token.end.begin());
  const std::size_t bytes = bytes_of(token);
  Known& place = make_place(token.digest, is_expired);
  if (!make_room(bytes)) return;
  place = std::move(token);
  ++size_;
  claims_bytes_ += bytes;
}

// A free one, whoever has to go for it.
template <class Voucher>
KnownToken<Voucher>& TokenStore<Voucher>::make_place(const TextDigest& digest, const IsExpired& is_expired) {
  if (Known* const place = find_free(table_, digest)) return *place;
  for (std::size_t way = 0; way < kWays; ++way) {
    Known& other = place_of(table_, digest, way);
    if (is_expired(other)) remove(other);
  }
  if (Known* const place = find_free(table_, digest)) return *place;
  if (grow()) return make_place(digest, is_expired);
  Known& place = place_of(table_, digest, 0);
  remove(place);
  return place;
}

template <class Voucher>
void TokenStore<Voucher>::remove(Known& token) {
  --size_;
  claims_bytes_ -= bytes_of(token);
  token = Known();
}

template <class Voucher>
KnownToken<Voucher>* TokenStore<Voucher>::find_free(Table& table, const TextDigest& digest) {
  for (std::size_t way = 0; way < kWays; ++way) {
    Known& place = place_of(table, digest, way);
    if (is_free(place)) return &place;
  }
  return nullptr;
}

template <class Voucher>
bool TokenStore<Voucher>::make_table() {
  std::size_t places = kFirstPlaces;
  while (places > kWays && !may_have(places)) places /= 2;
  if (!may_have(places)) return false;
  hash_ = std::make_unique<const TextHash>();
  table_.resize(places);
  return true;
}

// A group becomes two, so nothing is in anybody's way.
template <class Voucher>
bool TokenStore<Voucher>::grow() {
  if (!may_have(2 * table_.size())) return false;
  Table grown(2 * table_.size());
  for (Known& known : table_) {
    if (!is_free(known)) *find_free(grown, known.digest) = std::move(known);
  }
  table_ = std::move(grown);
  return true;
}

template <class Voucher>
void TokenStore<Voucher>::sweep(const IsExpired& is_expired) {
  constexpr std::size_t kAtOnce = 4;
  for (std::size_t swept = 0; swept < kAtOnce; ++swept, hand_ = (hand_ + 1) % table_.size()) {
    if (!is_free(table_[hand_]) && is_expired(table_[hand_])) remove(table_[hand_]);
  }
}

// False where there would be none without any other token.
template <class Voucher>
bool TokenStore<Voucher>::make_room(std::size_t bytes) {
  for (; this->bytes() + bytes > limits_.bytes; hand_ = (hand_ + 1) % table_.size()) {
    if (size_ == 0) return false;
    if (!is_free(table_[hand_])) remove(table_[hand_]);
  }
  return true;
}

}  // namespace rescind

#endif  // RESCIND_VERIFY_TOKEN_STORE_H_
