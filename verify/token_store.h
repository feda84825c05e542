// Authentic tokens by their text, bounded in number and in bytes: the memory of a CachingVerifier, and of whoever else checks
// tokens again and again. `Voucher` is what it has to know of who stands behind a token.
//
// The text itself is not kept: what a check has to read of memory decides how long it takes. A token is known again by a keyed
// digest of its whole text and by its last 16 characters, byte for byte. Those are 96 bits of its signature, which nobody has
// who does not have the token; so even a text that meets the digest is of no use to whoever made it up: it is answered with the
// claims of the token whose signature it bears.
//
// One table of groups of sixteen places. The end of the text says which group, and where in it to look first, so that all that
// a check reads is asked of memory at once, and before the whole text is digested. Where a group is full, one that has expired
// goes; where none has, the table grows; where it may not, any goes. Each insertion also looks at a few places further on and
// lets go of those that have expired, so that none stays for long behind its time.
//
// The table has the addresses that it may need from the beginning, and takes memory for them a group at a time, so that it
// grows without a pause: once it has twice as many groups, each of the new ones is made when an insertion needs it, or comes
// by, and takes over its part of the one that held it before.
//
// Thread-safety: one thread at a time.
#ifndef RESCIND_VERIFY_TOKEN_STORE_H_
#define RESCIND_VERIFY_TOKEN_STORE_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "rescind/caching_verifier.h"
#include "rescind/token_keys.h"
#include "verify/kept_claims.h"
#include "verify/text_digest.h"
#include "verify/token_factory.h"

namespace rescind {

inline constexpr std::size_t kTokenEnd = 16;
inline constexpr std::size_t kMostTokens = std::size_t{1} << 22;  // whatever the limits say

// First, in two lines of the cache, all that a check reads where its last look-up still holds.
template <class Voucher>
struct alignas(64) KnownToken {
  KnownToken() = default;  // no token
  KnownToken(AuthenticToken authentic, Voucher voucher) : token(std::move(authentic)), by(std::move(voucher)) {}

  TextDigest digest;  // set by the store; of size 0 where there is no token
  AuthenticToken token = TokenFactory::none();
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
  std::size_t bytes() const { return (groups_ ? groups_->made() * sizeof(Group) : 0) + claims_bytes_; }

 private:
  static constexpr std::size_t kWays = 16;
  struct Group {
    std::array<Known, kWays> places;
  };

  // Addresses of groups, each of which is made once.
  class Groups {
   public:
    // Null where there are not so many.
    static std::unique_ptr<Groups> reserve(std::size_t count) {
      constexpr std::size_t kPage = 4096;
      Memory memory(static_cast<Group*>(std::aligned_alloc(kPage, count * sizeof(Group))));
      return memory ? std::unique_ptr<Groups>(new Groups(std::move(memory), count)) : nullptr;
    }
    ~Groups() {
      for (std::size_t at = 0; at < most(); ++at) {
        if (is_made(at)) std::destroy_at(&(*this)[at]);
      }
    }
    Groups(const Groups&) = delete;
    Groups& operator=(const Groups&) = delete;

    std::size_t most() const { return is_made_.size(); }
    std::size_t made() const { return made_; }  // how many
    bool is_made(std::size_t at) const { return is_made_[at] != 0; }
    Group& operator[](std::size_t at) { return first_.get()[at]; }  // Precondition: it is made.
    Group& make(std::size_t at) {
      ++made_;
      is_made_[at] = 1;
      return *std::construct_at(first_.get() + at);
    }

   private:
    struct Free {
      void operator()(Group* memory) const { std::free(memory); }
    };
    using Memory = std::unique_ptr<Group, Free>;

    Groups(Memory memory, std::size_t count) : first_(std::move(memory)), is_made_(count) {}

    Memory first_;
    std::vector<std::uint8_t> is_made_;
    std::size_t made_ = 0;
  };

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

  // Where a text belongs, by its end: bits for its group, and for the place to begin at. Keyed: someone who collects tokens
  // cannot find out which of them meet.
  std::size_t place_of(std::string_view end) const { return hash_->of_pair(end); }
  std::size_t number_of_group(std::size_t place) const { return place / kWays & (count_ - 1); }
  Group& group_of(std::size_t place) {
    std::size_t at = number_of_group(place);
    if (!groups_->is_made(at)) [[unlikely]]
      at -= count_ / 2;
    return (*groups_)[at];
  }
  // In the order of the search.
  static Known& place_in(Group& group, std::size_t place, std::size_t way) { return group.places[place % kWays ^ way]; }
  static Known* find_free(Group& group, std::size_t place);

  std::size_t lower_half() const { return std::max<std::size_t>(count_ / 2, 1); }

  // How many groups are within the bounds, and leave at least as much for the claims: a power of two, or 0.
  std::size_t most_groups() const {
    const std::size_t by_tokens = std::bit_ceil((std::min(limits_.tokens, kMostTokens) + kWays - 1) / kWays);
    const std::size_t by_bytes = std::bit_floor(limits_.bytes / 2 / sizeof(Group));
    return limits_.tokens == 0 ? 0 : std::min(by_tokens, by_bytes);
  }
  bool make_table();
  bool grow();
  void split(std::size_t at);
  Known& make_place(std::size_t place, const IsExpired& is_expired);
  Known* next_place();
  void pass_by(const IsExpired& is_expired);
  bool make_room(std::size_t bytes);

  const CacheLimits limits_;
  std::unique_ptr<const TextHash> hash_;  // made with the table
  std::unique_ptr<Groups> groups_;        // where one of the upper half is not made, its tokens are in that of the lower half
  std::size_t count_ = 0;                 // of groups; a power of two, or 0 until there is a token
  std::size_t hand_ = 0;                  // the place that next_place() comes to
  std::size_t size_ = 0;
  std::size_t claims_bytes_ = 0;
};

template <class Voucher>
KnownToken<Voucher>* TokenStore<Voucher>::find(std::string_view text) {
  if (count_ == 0 || !has_end(text)) return nullptr;
  const std::size_t place = place_of(end_of(text));
  Group& group = group_of(place);
  constexpr std::size_t kReadOfAHit = 128;
  prefetch(&place_in(group, place, 0), kReadOfAHit);
  const TextDigest digest = (*hash_)(text);
  for (std::size_t way = 0; way < kWays; ++way) {
    Known& known = place_in(group, place, way);
    if (digest == known.digest && end_of(text) == end_of(known)) return &known;
  }
  return nullptr;
}

template <class Voucher>
void TokenStore<Voucher>::insert(std::string_view text, Known token, const IsExpired& is_expired) {
  if (!has_end(text) || (count_ == 0 && !make_table())) return;
  pass_by(is_expired);
  token.digest = (*hash_)(text);
  std::ranges::copy(end_of(text), token.end.begin());
  const std::size_t bytes = bytes_of(token);
  Known& place = make_place(place_of(end_of(text)), is_expired);
  if (!make_room(bytes)) return;
  place = std::move(token);
  ++size_;
  claims_bytes_ += bytes;
}

template <class Voucher>
void TokenStore<Voucher>::remove(Known& token) {
  --size_;
  claims_bytes_ -= bytes_of(token);
  token = Known();
}

template <class Voucher>
KnownToken<Voucher>* TokenStore<Voucher>::find_free(Group& group, std::size_t place) {
  for (std::size_t way = 0; way < kWays; ++way) {
    Known& known = place_in(group, place, way);
    if (is_free(known)) return &known;
  }
  return nullptr;
}

// A free one, whoever has to go for it.
template <class Voucher>
KnownToken<Voucher>& TokenStore<Voucher>::make_place(std::size_t place, const IsExpired& is_expired) {
  split(number_of_group(place) % lower_half());
  Group& group = group_of(place);
  if (Known* const free = find_free(group, place)) return *free;
  for (Known& other : group.places) {
    if (is_expired(other)) remove(other);
  }
  if (Known* const free = find_free(group, place)) return *free;
  if (grow()) return make_place(place, is_expired);
  Known& one = place_in(group, place, 0);
  remove(one);
  return one;
}

template <class Voucher>
bool TokenStore<Voucher>::make_table() {
  const std::size_t most = most_groups();
  if (most != 0) groups_ = Groups::reserve(most);
  if (!groups_) return false;
  hash_ = std::make_unique<const TextHash>();
  groups_->make(0);
  count_ = 1;
  return true;
}

// The new groups are made later, one by one.
template <class Voucher>
bool TokenStore<Voucher>::grow() {
  if (count_ == groups_->most()) return false;
  for (std::size_t at = 0; at < lower_half(); ++at) split(at);  // pass_by() has split them long ago
  count_ *= 2;
  return true;
}

// Makes a group of the upper half, if it is not there, from the one of the lower half that has held its tokens. One becomes
// two, so nothing is in anybody's way.
template <class Voucher>
void TokenStore<Voucher>::split(std::size_t at) {
  if (groups_->is_made(at + count_ / 2)) return;
  Group& upper = groups_->make(at + count_ / 2);
  for (Known& known : (*groups_)[at].places) {
    if (is_free(known)) continue;
    const std::size_t place = place_of(end_of(known));
    if (number_of_group(place) == at) continue;
    *find_free(upper, place) = std::move(known);
    known = Known();
  }
}

// The next place, or null where its group has not been made.
template <class Voucher>
KnownToken<Voucher>* TokenStore<Voucher>::next_place() {
  const std::size_t at = hand_++ % (count_ * kWays);
  return groups_->is_made(at / kWays) ? &(*groups_)[at / kWays].places[at % kWays] : nullptr;
}

// What an insertion does for the table as a whole.
template <class Voucher>
void TokenStore<Voucher>::pass_by(const IsExpired& is_expired) {
  constexpr std::size_t kAtOnce = 4;
  split(hand_ / kAtOnce % lower_half());
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    Known* const known = next_place();
    if (known != nullptr && !is_free(*known) && is_expired(*known)) remove(*known);
  }
}

// False where there would be none without any other token.
template <class Voucher>
bool TokenStore<Voucher>::make_room(std::size_t bytes) {
  while (size_ >= limits_.tokens || this->bytes() + bytes > limits_.bytes) {
    if (size_ == 0) return false;
    Known* const known = next_place();
    if (known != nullptr && !is_free(*known)) remove(*known);
  }
  return true;
}

}  // namespace rescind

#endif  // RESCIND_VERIFY_TOKEN_STORE_H_
