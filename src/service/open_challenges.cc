#include "service/open_challenges.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <string>

#include "rescind/base64url.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

// The first half, which is the ChallengeId: seconds since the epoch, big-endian, then random bytes. The second half is the MAC.
constexpr std::size_t kTimeBytes = 6;
constexpr std::size_t kHalf = 16;

void write_time(WallTime time, std::span<std::uint8_t> out) {
  auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  for (std::size_t i = kTimeBytes; i-- > 0; seconds >>= 8) out[i] = static_cast<std::uint8_t>(seconds);
}

WallTime read_time(std::span<const std::uint8_t> in) {
  std::int64_t seconds = 0;
  for (std::size_t i = 0; i < kTimeBytes; ++i) seconds = seconds << 8 | in[i];
  return WallTime(std::chrono::seconds(seconds));
}

// Everything in front of `bound_to` is of fixed length.
Sha256Digest mac(const HmacSha256& key, std::span<const std::uint8_t> first_half, ChallengePurpose purpose,
                 std::string_view bound_to) {
  std::string message = "rescind-passkey-challenge-v1";
  message.push_back(static_cast<char>(purpose));
  message.append(as_text(first_half)).append(bound_to);
  return key.mac_of(message);
}

}  // namespace

OpenChallenges::OpenChallenges(std::span<const RefreshKey> keys) {
  assert(!keys.empty());
  for (const RefreshKey& key : keys) keys_.emplace_back(as_bytes(key.key.reveal()));
}

PasskeyChallenge OpenChallenges::create(ChallengePurpose purpose, std::string_view bound_to, WallTime expires_at,
                                        Random& random) const {
  PasskeyChallenge challenge = PasskeyChallenge::create(random);
  const std::span<std::uint8_t> bytes(challenge.bytes);
  write_time(expires_at, bytes);
  const Sha256Digest tag = mac(keys_.front(), bytes.first<kHalf>(), purpose, bound_to);
  std::copy_n(tag.begin(), kHalf, bytes.begin() + kHalf);
  return challenge;
}

std::optional<Challenge> OpenChallenges::check(const PasskeyChallenge& challenge, ChallengePurpose purpose,
                                               std::string_view bound_to, WallTime now) const {
  const std::span<const std::uint8_t> bytes(challenge.bytes);
  const bool is_ours = std::ranges::any_of(keys_, [&](const HmacSha256& key) {
    const Sha256Digest tag = mac(key, bytes.first<kHalf>(), purpose, bound_to);
    return equal_in_constant_time(as_text(std::span(tag).first<kHalf>()), as_text(bytes.last<kHalf>()));
  });
  if (!is_ours) return std::nullopt;
  const WallTime expires_at = read_time(bytes);
  if (now >= expires_at) return std::nullopt;
  return Challenge{challenge.id(), purpose, std::nullopt, 0, {}, expires_at};
}

UserId new_user(const PasskeyChallenge& challenge, const EmailKey& email) {
  const Sha256Digest digest = sha256({"rescind-passkey-new-user-v1", as_text(challenge.bytes), email.text});
  return UserId{base64url_encode(std::span(digest).first<kHalf>())};
}

}  // namespace rescind
