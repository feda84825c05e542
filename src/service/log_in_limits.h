// Which buckets a log-in attempt counts in, and how strictly (see domain/attempt_limit.h).
#ifndef RESCIND_SERVICE_LOG_IN_LIMITS_H_
#define RESCIND_SERVICE_LOG_IN_LIMITS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "base/ids.h"
#include "domain/attempt_limit.h"
#include "domain/challenge.h"
#include "domain/email.h"
#include "store/store.h"

namespace rescind {

struct LogInLimits {
  AttemptLimit pair{};                         // one account from one address
  AttemptLimit account{.free_attempts = 50};   // one account from anywhere
  AttemptLimit address{.free_attempts = 300};  // one address for any account

  // Not log-ins, but limited in the same way, in buckets of their own: none of these ever delays a log-in.
  AttemptLimit sign_up{.free_attempts = 100, .memory = std::chrono::hours(1)};  // accounts made from one address
  // Mails asked for from one address, and those that one account gets of one kind.
  AttemptLimit mail_by_address{.free_attempts = 30, .memory = std::chrono::hours(1)};
  AttemptLimit mail_to_account{.free_attempts = 3,
                               .first_wait = std::chrono::seconds(60),
                               .longest_wait = std::chrono::hours(1),
                               .memory = std::chrono::hours(1)};
};

struct LogInAttempt {
  std::vector<AttemptRule> rules;
  std::vector<SettledBucket> if_it_succeeds;
  std::vector<SettledBucket> if_not_tried;
};

// An IPv6 address counts by its first 64 bits: who has one has all of them. `email` is absent where what was sent is none;
// every spelling of an address has one key, and so one bucket.
LogInAttempt describe_attempt(const std::optional<EmailKey>& email, const std::string& address, const LogInLimits& limits);

// For an owner who has shown otherwise than by a log-in that he is one: what a good log-in from there settles, but for an
// attempt that nobody has counted.
std::vector<SettledBucket> describe_proof(const EmailKey& email, const std::string& address);

AttemptRule describe_sign_up(const std::string& address, const LogInLimits& limits);
AttemptRule describe_mail_request(const std::string& address, const LogInLimits& limits);
AttemptRule describe_mail_to(const UserId& user, ChallengePurpose purpose, const LogInLimits& limits);
// To an address that is to be an account's new one, for whatever accounts.
AttemptRule describe_mail_to_new(const EmailKey& email, const LogInLimits& limits);

// kTooManyAttempts, with the wait.
Task<Result<void>> begin_attempt(Store& store, std::vector<AttemptRule> rules, WallTime now);

}  // namespace rescind

#endif  // RESCIND_SERVICE_LOG_IN_LIMITS_H_
