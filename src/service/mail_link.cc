#include "service/mail_link.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    case ChallengePurpose::kChangeEmail: return "ec1.";
    case ChallengePurpose::kRegisterPasskey:
    case ChallengePurpose::kPasskeyLogIn:
    case ChallengePurpose::kPasskeySignUp: break;
  }
  assert(false && "no mail has a link for this purpose");
  return {};
}

// `behind_id`: the secret, which has a fixed length, and the new address where there is one.
std::array<std::uint8_t, 32> digest_of(std::span<const std::uint8_t> behind_id) {
  const Sha256Digest digest =
      sha256({"rescind-mail-link-v1:", std::string_view(reinterpret_cast<const char*>(behind_id.data()), behind_id.size())});
  std::array<std::uint8_t, 32> copy{};
  std::copy_n(digest.begin(), copy.size(), copy.begin());
  return copy;
}

struct ReadToken {
  ChallengeId id;
  std::vector<std::uint8_t> behind_id;
};

std::optional<ReadToken> read_token(std::string_view text, ChallengePurpose purpose) {
  if (!text.starts_with(prefix_of(purpose))) return std::nullopt;
  text.remove_prefix(prefix_of(purpose).size());
  const auto bytes = base64url_decode(text);
  if (!bytes || bytes->size() < kIdBytes + kSecretBytes) return std::nullopt;
  ReadToken token{{}, {bytes->begin() + kIdBytes, bytes->end()}};
  std::copy_n(bytes->begin(), kIdBytes, token.id.bytes.begin());
  return token;
}

Task<Result<Challenge>> find_answered(Store& store, ReadToken token, ChallengePurpose purpose, WallTime now) {
  Result<std::optional<Challenge>> found = co_await store.find_challenge(token.id);
  if (!found) co_return Unexpected(std::move(found).error());
  const bool is_answered = *found && (*found)->purpose == purpose && (*found)->user && now < (*found)->expires_at &&
                           equal_in_constant_time((*found)->secret_digest, digest_of(token.behind_id));
  if (!is_answered) co_return refuse_mail_link();
  // The version that a block raises voids what was sent before; a link may have been on its way meanwhile.
  Result<std::optional<User>> owner = co_await store.find_user(*(*found)->user);
  if (!owner) co_return Unexpected(std::move(owner).error());
  if (!*owner || is_blocked(**owner, now)) co_return refuse_mail_link();
  co_return **found;
}

}  // namespace

MailLink create_mail_link(ChallengePurpose purpose, const User& user, WallTime expires_at, Random& random,
                          std::string_view new_email) {
  assert((purpose == ChallengePurpose::kChangeEmail) == !new_email.empty());
  std::vector<std::uint8_t> bytes(kIdBytes + kSecretBytes);
  random.fill(bytes);
  bytes.insert(bytes.end(), new_email.begin(), new_email.end());
  Challenge challenge{.id = {},
                      .purpose = purpose,
                      .user = user.id,
                      .token_version = user.token_version,
                      .secret_digest = digest_of(std::span(bytes).subspan(kIdBytes)),
                      .expires_at = expires_at};
  std::copy_n(bytes.begin(), kIdBytes, challenge.id.bytes.begin());
  return {std::move(challenge), Secret(std::string(prefix_of(purpose)) + base64url_encode(bytes))};
}

Task<Result<Challenge>> find_mail_link(Store& store, Secret token, ChallengePurpose purpose, WallTime now) {
  std::optional<ReadToken> read = read_token(token.reveal(), purpose);
  if (!read) co_return refuse_mail_link();
  co_return co_await find_answered(store, std::move(*read), purpose, now);
}

Task<Result<EmailChangeLink>> find_email_change_link(Store& store, Secret token, WallTime now) {
  std::optional<ReadToken> read = read_token(token.reveal(), ChallengePurpose::kChangeEmail);
  if (!read) co_return refuse_mail_link();
  std::string new_email(read->behind_id.begin() + kSecretBytes, read->behind_id.end());
  Result<Challenge> challenge = co_await find_answered(store, std::move(*read), ChallengePurpose::kChangeEmail, now);
  if (!challenge) co_return Unexpected(std::move(challenge).error());
  co_return EmailChangeLink{std::move(*challenge), std::move(new_email)};
}

Unexpected<Error> refuse_mail_link() {
  return fail(ErrorCode::kInvalidLink, "this link is not good, was used, or is too old; ask for another");
}

}  // namespace rescind
