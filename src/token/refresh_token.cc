#include "token/refresh_token.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>
#include <string>

#include "rescind/base64url.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr std::string_view kPrefix = "rt1.";
constexpr std::string_view kPurpose = "rescind-refresh-v1";
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kContentBytes = kIdBytes + 8;
constexpr std::size_t kTokenBytes = kContentBytes + sizeof(Sha256Digest);
constexpr std::size_t kTextBytes = kPrefix.size() + (kTokenBytes * 4 + 2) / 3;

using Content = std::array<std::uint8_t, kContentBytes>;

Content to_bytes(const RefreshTokenContent& content) {
  Content bytes;
  std::copy(content.session.bytes.begin(), content.session.bytes.end(), bytes.begin());
  for (std::size_t i = 0; i < 8; ++i) bytes[kIdBytes + i] = static_cast<std::uint8_t>(content.generation >> (56 - 8 * i));
  return bytes;
}

RefreshTokenContent from_bytes(std::span<const std::uint8_t, kContentBytes> bytes) {
  RefreshTokenContent content;
  std::copy_n(bytes.begin(), kIdBytes, content.session.bytes.begin());
  for (std::size_t i = 0; i < 8; ++i) content.generation = content.generation << 8 | bytes[kIdBytes + i];
  return content;
}

Sha256Digest authenticate_content(const HmacSha256& key, std::span<const std::uint8_t, kContentBytes> content) {
  std::array<std::uint8_t, kPurpose.size() + kContentBytes> message;
  std::copy(content.begin(), content.end(), std::copy(kPurpose.begin(), kPurpose.end(), message.begin()));
  return key.mac_of(as_text(message));
}

}  // namespace

RefreshTokenCodec::RefreshTokenCodec(const Secret& key, const Secret* previous) : key_(key.reveal_bytes()) {
  assert(key.size() == kRefreshKeyBytes);
  if (previous == nullptr) return;
  assert(previous->size() == kRefreshKeyBytes);
  previous_.emplace(previous->reveal_bytes());
}

Secret RefreshTokenCodec::encode(const RefreshTokenContent& content) const {
  const Content bytes = to_bytes(content);
  const Sha256Digest tag = authenticate_content(key_, bytes);
  std::array<std::uint8_t, kTokenBytes> token;
  std::copy(tag.begin(), tag.end(), std::copy(bytes.begin(), bytes.end(), token.begin()));
  return Secret(std::string(kPrefix) + base64url_encode(token));
}

std::optional<RefreshTokenContent> RefreshTokenCodec::decode(std::string_view token) const {
  if (token.size() != kTextBytes || !token.starts_with(kPrefix)) return std::nullopt;
  const auto bytes = base64url_decode(token.substr(kPrefix.size()));
  if (!bytes || bytes->size() != kTokenBytes) return std::nullopt;
  const std::span<const std::uint8_t, kTokenBytes> whole(*bytes);
  const auto is_made_with = [&](const HmacSha256& key) {
    return equal_in_constant_time(authenticate_content(key, whole.first<kContentBytes>()), whole.subspan<kContentBytes>());
  };
  const bool is_current = is_made_with(key_);
  const bool is_previous = previous_ && is_made_with(*previous_);
  if (!is_current && !is_previous) return std::nullopt;
  return from_bytes(whole.first<kContentBytes>());
}

}  // namespace rescind
