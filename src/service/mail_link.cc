#include "service/mail_link.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "rescind/base64url.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kSecretBytes = 32;

std::string_view prefix_of(ChallengePurpose purpose) {
  switch (purpose) {
    case ChallengePurpose::kResetPassword: return "pr1.";
    case ChallengePurpose::kVerifyEmail: return "ev1.";
    case ChallengePurpose::kRegisterPasskey:
    case ChallengePurpose::kPasskeyLogIn:
    case ChallengePurpose::kPasskeySignUp: break;
  }
  assert(false && "no mail has a link for this purpose");
  return {};
}

std::array<std::uint8_t, 32> digest_of(std::span<const std::uint8_t> secret) {
  const Sha256Digest digest =
      sha256({"rescind-mail-link-v1:", std::string_view(reinterpret_cast<const char*>(secret.data()), secret.size())});
  std::array<std::uint8_t, 32> copy{};
  std::copy_n(digest.begin(), copy.size(), copy.begin());
  return copy;
}

}  // namespace

MailLink create_mail_link(ChallengePurpose purpose, const User& user, WallTime expires_at, Random& random) {
  std::array<std::uint8_t, kIdBytes + kSecretBytes> bytes{};
  random.fill(bytes);
  const std::span all(bytes);
  Challenge challenge{.id = {},
                      .purpose = purpose,
                      .user = user.id,
                      .token_version = user.token_version,
                      .secret_digest = digest_of(all.subspan<kIdBytes>()),
                      .expires_at = expires_at};
  std::copy_n(bytes.begin(), kIdBytes, challenge.id.bytes.begin());
  return {std::move(challenge), Secret(std::string(prefix_of(purpose)) + base64url_encode(bytes))};
}

Task<Result<Challenge>> find_mail_link(Store& store, Secret token, ChallengePurpose purpose, WallTime now) {
  std::string_view text = token.reveal();
  if (!text.starts_with(prefix_of(purpose))) co_return refuse_mail_link();
  text.remove_prefix(prefix_of(purpose).size());
  const auto bytes = base64url_decode(text);
  if (!bytes || bytes->size() != kIdBytes + kSecretBytes) co_return refuse_mail_link();
  ChallengeId id;
  std::copy_n(bytes->begin(), kIdBytes, id.bytes.begin());
  Result<std::optional<Challenge>> found = co_await store.find_challenge(id);
  if (!found) co_return Unexpected(std::move(found).error());
  const auto digest = digest_of(std::span(*bytes).subspan(kIdBytes));
  const bool is_answered = *found && (*found)->purpose == purpose && (*found)->user && now < (*found)->expires_at &&
                           equal_in_constant_time((*found)->secret_digest, digest);
  if (!is_answered) co_return refuse_mail_link();
  co_return **found;
}

Unexpected<Error> refuse_mail_link() {
  return fail(ErrorCode::kInvalidLink, "this link is not good, was used, or is too old; ask for another");
}

}  // namespace rescind
