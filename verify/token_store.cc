#include "verify/token_store.h"

#include <algorithm>
#include <bit>

#include "verify/kept_claims.h"

namespace rescind {
namespace {

constexpr std::size_t kAllocation = 16;  // what malloc adds

std::size_t bytes_of(const KnownToken& token) {
  return sizeof(KnownToken) + kAllocation + kept_bytes(token.token.claims()) + kAllocation;
}

bool has_end(std::string_view text) { return text.size() >= KnownToken::kEnd && text.size() <= kMaxTokenBytes; }
std::string_view end_of(std::string_view text) { return text.substr(text.size() - KnownToken::kEnd); }
std::string_view end_of(const KnownToken& token) { return {token.end.data(), token.end.size()}; }

// What a check reads of it stands in its first bytes.
void prefetch(const void* object, std::size_t bytes) {
  for (std::size_t at = 0; at < bytes; at += 64) __builtin_prefetch(static_cast<const char*>(object) + at);
}

}  // namespace

TokenStore::TokenStore(CacheLimits limits) : limits_(limits), set_count_(std::bit_ceil((limits.tokens + kWays - 1) / kWays)) {}

KnownToken* TokenStore::find(std::string_view text) const {
  if (!table_ || !has_end(text)) return nullptr;
  const std::uint64_t place = table_->place_of(end_of(text));
  const Set& set = set_of(place);
  for (std::size_t way = 0; way < kWays; ++way) {
    KnownToken* const known = set.tokens[way].get();
    if (set.places[way] != place || known == nullptr) continue;
    prefetch(known, 192);
    if (table_->hash(text) != known->digest) continue;
    prefetch(&known->token.claims(), 128);
    if (end_of(text) == end_of(*known)) return known;
  }
  return nullptr;
}

void TokenStore::insert(std::string_view text, KnownToken token, const IsExpired& is_expired) {
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
  set.tokens[way] = std::make_unique<KnownToken>(std::move(token));
}

void TokenStore::remove(const KnownToken& token) {
  Set& set = set_of(table_->place_of(end_of(token)));
  for (std::size_t way = 0; way < kWays; ++way) {
    if (set.tokens[way].get() == &token) return clear(set, way);
  }
}

void TokenStore::clear(Set& set, std::size_t way) {
  --size_;
  bytes_ -= set.tokens[way]->bytes;
  set.tokens[way].reset();
}

void TokenStore::sweep(const IsExpired& is_expired) {
  Set& set = table_->sets[hand_];
  for (std::size_t way = 0; way < kWays; ++way) {
    if (set.tokens[way] && is_expired(*set.tokens[way])) clear(set, way);
  }
  hand_ = (hand_ + 1) & (set_count_ - 1);
}

void TokenStore::make_room(std::size_t bytes) {
  while (bytes_ + bytes > limits_.bytes) {
    Set& set = table_->sets[hand_];
    for (std::size_t way = 0; way < kWays && bytes_ + bytes > limits_.bytes; ++way) {
      if (set.tokens[way]) clear(set, way);
    }
    if (bytes_ + bytes > limits_.bytes) hand_ = (hand_ + 1) & (set_count_ - 1);
  }
}

}  // namespace rescind
