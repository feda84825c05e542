// What a presented refresh token means for its session. A pure decision; the service turns it into one atomic store step.
#ifndef RESCIND_DOMAIN_REFRESH_DECISION_H_
#define RESCIND_DOMAIN_REFRESH_DECISION_H_

#include <cstdint>

#include "base/clock.h"
#include "domain/session.h"

namespace rescind {

enum class RefreshDecision : std::uint8_t {
  kRotate,         // the current generation: give the next one
  kSameSuccessor,  // the one before, within the grace: give the current one again
  kReused,         // older, or the grace is over: two parties hold the token
  kNotIssued,      // a generation that was never reached
  kSessionEnded,
  kSessionExpired,
};

// Precondition: the presented token's MAC is right. The grace runs from generation_at, so it is never extended: the token
// before the current one passes while now < generation_at + refresh_grace, and with a grace of 0 never. An ended or
// expired session stays so whatever is presented.
RefreshDecision decide_refresh(const Session& session, std::uint64_t presented_generation, WallTime now,
                               const SessionPolicy& policy);

}  // namespace rescind

#endif  // RESCIND_DOMAIN_REFRESH_DECISION_H_
