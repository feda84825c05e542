#include "verify/token_store.h"

#include <openssl/rand.h>

#include <bit>
#include <cstdlib>
#include <cstring>

namespace rescind {
namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t multiply(std::uint64_t one, std::uint64_t other) {
  const Wide product = static_cast<Wide>(one) * other;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::size_t kAllocation = 16;  // what malloc adds

std::size_t bytes_of(const std::string& text) {
  const bool is_inside = text.capacity() <= std::string().capacity();
  return is_inside ? 0 : text.capacity() + 1 + kAllocation;
}

std::size_t bytes_of(const std::vector<std::string>& texts) {
  std::size_t bytes = texts.capacity() * sizeof(std::string) + kAllocation;
  for (const std::string& text : texts) bytes += bytes_of(text);
  return bytes;
}

std::size_t bytes_of(const KnownToken& token) {
  const Claims& claims = token.token.claims();
  std::size_t bytes = sizeof(KnownToken) + sizeof(Claims) + 3 * kAllocation + bytes_of(token.text) + bytes_of(claims.json);
  for (const std::string* text :
       {&claims.issuer, &claims.subject, &claims.token_id, &claims.session_id, &claims.client_id, &claims.scope}) {
    bytes += bytes_of(*text);
  }
  return bytes + bytes_of(claims.audience) + bytes_of(claims.amr) + bytes_of(claims.roles);
}

}  // namespace

TokenStore::TokenStore(CacheLimits limits) : limits_(limits), set_count_(std::bit_ceil((limits.tokens + kWays - 1) / kWays)) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(seed_.data()), sizeof seed_) != 1) std::abort();
}

std::uint64_t TokenStore::hash(std::string_view text) const {
  std::array<std::uint64_t, kHashedBytes / 8> words;
  std::memcpy(words.data(), text.data() + text.size() - kHashedBytes, kHashedBytes);
  std::uint64_t sum = text.size();
  for (std::size_t i = 0; i < words.size(); i += 2) sum += multiply(words[i] ^ seed_[i], words[i + 1] ^ seed_[i + 1]);
  return sum;
}

KnownToken* TokenStore::find(std::string_view text) const {
  if (!sets_ || text.size() < kHashedBytes) return nullptr;
  const std::uint64_t wanted = hash(text);
  const Set& set = set_of(wanted);
  for (std::size_t way = 0; way < kWays; ++way) {
    if (set.hashes[way] == wanted && set.tokens[way] && set.tokens[way]->text == text) return set.tokens[way].get();
  }
  return nullptr;
}

void TokenStore::insert(KnownToken token, const IsExpired& is_expired) {
  token.bytes = bytes_of(token);
  if (limits_.tokens == 0 || token.bytes > limits_.bytes || token.text.size() < kHashedBytes) return;
  if (!sets_) sets_ = std::make_unique<std::vector<Set>>(set_count_);
  sweep(is_expired);
  make_room(token.bytes);
  const std::uint64_t hash_of_text = hash(token.text);
  Set& set = set_of(hash_of_text);
  std::size_t way = hash_of_text % kWays;
  for (std::size_t other = 0; other < kWays; ++other) {
    if (set.tokens[other] && is_expired(*set.tokens[other])) clear(set, other);
    if (!set.tokens[other]) way = other;
  }
  if (set.tokens[way]) clear(set, way);
  ++size_;
  bytes_ += token.bytes;
  set.hashes[way] = hash_of_text;
  set.tokens[way] = std::make_unique<KnownToken>(std::move(token));
}

void TokenStore::remove(const KnownToken& token) {
  Set& set = set_of(hash(token.text));
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
  Set& set = (*sets_)[hand_];
  for (std::size_t way = 0; way < kWays; ++way) {
    if (set.tokens[way] && is_expired(*set.tokens[way])) clear(set, way);
  }
  hand_ = (hand_ + 1) & (set_count_ - 1);
}

void TokenStore::make_room(std::size_t bytes) {
  while (bytes_ + bytes > limits_.bytes) {
    Set& set = (*sets_)[hand_];
    for (std::size_t way = 0; way < kWays && bytes_ + bytes > limits_.bytes; ++way) {
      if (set.tokens[way]) clear(set, way);
    }
    if (bytes_ + bytes > limits_.bytes) hand_ = (hand_ + 1) & (set_count_ - 1);
  }
}

}  // namespace rescind
