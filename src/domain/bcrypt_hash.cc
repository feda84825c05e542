#include "domain/bcrypt_hash.h"

#include <algorithm>

namespace rescind {
namespace {

constexpr std::string_view kAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::size_t kBytes = 60;
constexpr std::size_t kSaltBegin = 7;
constexpr std::size_t kTagBegin = 29;

// In 128 bits of salt and 184 of tag, the last character's low bits are none of theirs.
bool ends_in_zero_bits(std::string_view text, std::size_t bits) {
  return (kAlphabet.find(text.back()) & ((std::size_t{1} << bits) - 1)) == 0;
}

}  // namespace

bool is_bcrypt_hash(std::string_view text) {
  if (text.size() != kBytes) return false;
  const std::string_view kind = text.substr(0, 4);
  if (kind != "$2a$" && kind != "$2b$" && kind != "$2y$") return false;
  const auto digit = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(text[at])) - '0'; };
  if (digit(4) > 9 || digit(5) > 9 || text[6] != '$') return false;
  const unsigned cost = digit(4) * 10 + digit(5);
  if (cost < kMinBcryptCost || cost > kMaxBcryptCost) return false;
  const bool is_spelt =
      std::ranges::all_of(text.substr(kSaltBegin), [](char c) { return kAlphabet.find(c) != std::string_view::npos; });
  return is_spelt && ends_in_zero_bits(text.substr(kSaltBegin, kTagBegin - kSaltBegin), 4) && ends_in_zero_bits(text, 2);
}

}  // namespace rescind
