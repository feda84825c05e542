// Which buckets a log-in attempt counts in, and how strictly (see domain/attempt_limit.h).
#ifndef RESCIND_SERVICE_LOG_IN_LIMITS_H_
#define RESCIND_SERVICE_LOG_IN_LIMITS_H_

#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/error.h"
#include "domain/attempt_limit.h"
#include "domain/email.h"
#include "store/store.h"

namespace rescind {

struct LogInLimits {
  AttemptLimit pair;                           // one account from one address
  AttemptLimit account{.free_attempts = 50};   // one account from anywhere
  AttemptLimit address{.free_attempts = 300};  // one address for any account
};

struct LogInAttempt {
  std::vector<AttemptRule> rules;
  std::vector<SettledBucket> if_it_succeeds;
};

// An IPv6 address counts by its first 64 bits: who has one has all of them. `email` is absent where what was sent is none;
// every spelling of an address has one key, and so one bucket.
LogInAttempt describe_attempt(const std::optional<EmailKey>& email, const std::string& address, const LogInLimits& limits);

// kTooManyAttempts, with the wait.
Task<Result<void>> begin_attempt(Store& store, std::vector<AttemptRule> rules, WallTime now);

}  // namespace rescind

#endif  // RESCIND_SERVICE_LOG_IN_LIMITS_H_
