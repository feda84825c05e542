#include "domain/password_hash.h"

#include <algorithm>
#include <charconv>

#include "rescind/base64url.h"

namespace rescind {
namespace {

// Takes `prefix` off the front of `rest`.
bool take(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

bool take_number(std::string_view& rest, std::string_view prefix, std::uint32_t& number) {
  if (!take(rest, prefix) || rest.starts_with('0')) return false;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc()) return false;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return true;
}

// PHC strings use base64 with "+" and "/", without padding; the rest is as strict as base64url.
std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text) {
  std::string url(text);
  for (char& c : url) {
    if (c == '-' || c == '_') return std::nullopt;
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return base64url_decode(url);
}

std::string encode_base64(const std::vector<std::uint8_t>& bytes) {
  std::string text = base64url_encode(bytes);
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  return text;
}

}  // namespace

bool is_sane(const Argon2Cost& cost) {
  return cost.iterations >= 1 && cost.iterations <= kMaxArgon2Iterations && cost.parallelism >= 1 &&
         cost.parallelism <= kMaxArgon2Parallelism && cost.memory_kib >= 8 * cost.parallelism &&
         cost.memory_kib <= kMaxArgon2MemoryKib && std::uint64_t{cost.memory_kib} * cost.iterations <= kMaxArgon2Work;
}

std::optional<PasswordHash> parse_password_hash(std::string_view phc) {
  if (phc.size() > kMaxPhcBytes) return std::nullopt;
  PasswordHash hash;
  if (!take_number(phc, "$argon2id$v=19$m=", hash.cost.memory_kib) || !take_number(phc, ",t=", hash.cost.iterations) ||
      !take_number(phc, ",p=", hash.cost.parallelism) || !take(phc, "$") || !is_sane(hash.cost)) {
    return std::nullopt;
  }
  const std::size_t dollar = phc.find('$');
  if (dollar == std::string_view::npos) return std::nullopt;
  auto salt = decode_base64(phc.substr(0, dollar));
  auto tag = decode_base64(phc.substr(dollar + 1));
  if (!salt || salt->size() < kMinArgon2SaltBytes || salt->size() > kMaxArgon2SaltBytes) return std::nullopt;
  if (!tag || tag->size() < kMinArgon2TagBytes || tag->size() > kMaxArgon2TagBytes) return std::nullopt;
  hash.salt = std::move(*salt);
  hash.tag = std::move(*tag);
  return hash;
}

std::string format_password_hash(const PasswordHash& hash) {
  return "$argon2id$v=19$m=" + std::to_string(hash.cost.memory_kib) + ",t=" + std::to_string(hash.cost.iterations) +
         ",p=" + std::to_string(hash.cost.parallelism) + "$" + encode_base64(hash.salt) + "$" + encode_base64(hash.tag);
}

}  // namespace rescind
