// From the configuration to the trusted issuers: reads files and secrets, and starts the threads that fetch keys.
#ifndef RESCIND_MAIN_OPEN_ISSUERS_H_
#define RESCIND_MAIN_OPEN_ISSUERS_H_

#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "issuers/trusted_issuers.h"
#include "main/config.h"

namespace rescind {

// Fails where a file cannot be read, a key set in a file has no key that can be used, or a secret is too short. A URL that
// does not answer is no failure: the issuer's tokens are refused until it does.
Result<TrustedIssuers> open_issuers(const std::vector<IssuerConfig>& configs, const Clock& clock, Metrics& metrics, Log& log);

}  // namespace rescind

#endif  // RESCIND_MAIN_OPEN_ISSUERS_H_
