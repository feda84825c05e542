#include "service/log_in_limits.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <utility>

#include "verify/sha256.h"

namespace rescind {
namespace {

std::string network_of(const std::string& address) {
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return address;
  return std::string(reinterpret_cast<const char*>(parsed.s6_addr), 8);
}

// `what` is of fixed length and an e-mail address or user id holds no NUL, so no two lists of parts share a text.
AttemptBucket bucket(std::string_view what, std::string_view who, std::string_view network) {
  const Sha256Digest digest = sha256({"rescind-attempts-v1:", what, who, std::string_view("\0", 1), network});
  AttemptBucket made;
  std::copy_n(digest.begin(), made.bytes.size(), made.bytes.begin());
  return made;
}

AttemptBucket pair_bucket(const EmailKey& email, const std::string& network) { return bucket("p", email.text, network); }
AttemptBucket account_bucket(const EmailKey& email) { return bucket("a", email.text, {}); }

std::string_view letter_of(ChallengePurpose purpose) {
  switch (purpose) {
    case ChallengePurpose::kResetPassword: return "r";
    case ChallengePurpose::kVerifyEmail: return "v";
    case ChallengePurpose::kChangeEmail: return "c";
    case ChallengePurpose::kRegisterPasskey:
    case ChallengePurpose::kPasskeyLogIn:
    case ChallengePurpose::kPasskeySignUp: break;
  }
  assert(false && "no mail is for this purpose");
  return {};
}

}  // namespace

LogInAttempt describe_attempt(const std::optional<EmailKey>& email, const std::string& address, const LogInLimits& limits) {
  const std::string network = network_of(address);
  const AttemptBucket by_address = bucket("n", {}, network);
  LogInAttempt attempt;
  attempt.rules.push_back({by_address, limits.address, std::nullopt});
  attempt.if_it_succeeds.push_back({by_address, Settlement::kTakeBack});
  attempt.if_not_tried.push_back({by_address, Settlement::kNotTried});
  if (!email) return attempt;
  const AttemptBucket pair = pair_bucket(*email, network);
  const AttemptBucket account = account_bucket(*email);
  attempt.rules.push_back({pair, limits.pair, std::nullopt});
  attempt.rules.push_back({account, limits.account, pair});
  attempt.if_it_succeeds.push_back({pair, Settlement::kReset});
  attempt.if_it_succeeds.push_back({account, Settlement::kReset});
  attempt.if_not_tried.push_back({pair, Settlement::kNotTried});
  attempt.if_not_tried.push_back({account, Settlement::kNotTried});
  return attempt;
}

std::vector<SettledBucket> describe_proof(const EmailKey& email, const std::string& address) {
  return {{pair_bucket(email, network_of(address)), Settlement::kReset}, {account_bucket(email), Settlement::kReset}};
}

AttemptRule describe_sign_up(const std::string& address, const LogInLimits& limits) {
  return {bucket("s", {}, network_of(address)), limits.sign_up, std::nullopt};
}

AttemptRule describe_mail_request(const std::string& address, const LogInLimits& limits) {
  return {bucket("m", {}, network_of(address)), limits.mail_by_address, std::nullopt};
}

AttemptRule describe_mail_to(const UserId& user, ChallengePurpose purpose, const LogInLimits& limits) {
  return {bucket(letter_of(purpose), user.text, {}), limits.mail_to_account, std::nullopt};
}

AttemptRule describe_mail_to_new(const EmailKey& email, const LogInLimits& limits) {
  return {bucket("t", email.text, {}), limits.mail_to_account, std::nullopt};
}

Task<Result<void>> begin_attempt(Store& store, std::vector<AttemptRule> rules, WallTime now) {
  Result<BeginAttemptOutcome> begun = co_await store.begin_attempt(std::move(rules), now);
  if (!begun) co_return Unexpected(std::move(begun).error());
  if (const auto* wait = std::get_if<AttemptTooEarly>(&*begun)) {
    co_return Unexpected(Error{ErrorCode::kTooManyAttempts, "too many attempts; try again later", wait->retry_after});
  }
  co_return Result<void>();
}

}  // namespace rescind
