// What happens to the server's keys and when, decided purely: each function takes the keys as they are and gives them as they
// shall be. Who calls makes that durable first and uses it then (service/key_rotation.h).
#ifndef RESCIND_TOKEN_KEY_LIFE_H_
#define RESCIND_TOKEN_KEY_LIFE_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "domain/event.h"
#include "rescind/algorithm.h"
#include "token/server_keys.h"

namespace rescind {

struct KeyPolicy {
  std::optional<Algorithm> algorithm = Algorithm::kEs256;  // of new keys; absent where an operator's secret signs
  std::chrono::seconds rotate_every{0};                    // 0: only when somebody asks
  std::chrono::seconds publish_ahead{3600};                // before a key signs
  std::chrono::seconds token_lifetime{0};                  // the longest that an access token may be accepted, with leeway
  std::chrono::seconds refresh_lifetime{0};                // the longest that a refresh token may be unused
};

// A retired key is kept this much longer, for what is being signed while its retirement is written.
inline constexpr std::chrono::seconds kSigningMargin{60};

// The moment from which nobody needs it any more. Precondition: it is retired.
WallTime removal_time(const ServerKey& key, const KeyPolicy& policy);

// The moment at which the next key becomes the active one; absent where nobody has asked and nothing is scheduled.
std::optional<WallTime> activation_time(const ServerKeys& keys, const KeyPolicy& policy);

// For the audit log: kKeyRotated or kKeyRemoved, and which key.
struct KeyNotice {
  EventType type;
  std::string detail;
};
struct KeyChange {
  ServerKeys keys;
  std::vector<KeyNotice> notices;
};

// Does what is due at `now`: makes what is missing, lets the next key become active, removes what nobody needs. Absent where
// nothing is due. With another `policy.algorithm` the next key is replaced by one of it, and becomes active as soon as it has
// been published for long enough.
Result<std::optional<KeyChange>> settle_keys(const ServerKeys& keys, const KeyPolicy& policy, WallTime now, Random& random);

enum class RotationPace : std::uint8_t {
  kPublishedAhead,  // at once where the next key has been published for long enough, else as soon as it has
  kAtOnce,          // whoever has not fetched the next key yet refuses its tokens until it has
};

// Absent where that is planned already. kTooManyAttempts where as many keys as may be are waiting for their tokens to expire,
// kInvalidRequest where an operator's secret signs. Precondition of this and of remove_key(): the keys are as settle_keys()
// gave them under this policy.
Result<std::optional<KeyChange>> rotate_keys(const ServerKeys& keys, const KeyPolicy& policy, RotationPace pace, WallTime now,
                                             Random& random);

// Whatever its state: tokens that it signed are refused from then on. Where it was active, the next key is so at once.
// kNotFound.
Result<KeyChange> remove_key(const ServerKeys& keys, const KeyPolicy& policy, std::string_view key_id, WallTime now,
                             Random& random);

// For a key file that others have read: every key that stands in it, those of refresh tokens too, and fresh ones in their
// place, which nobody has heard of before. An operator's secret is none of them and stays.
Result<KeyChange> remove_all_keys(const ServerKeys& keys, const KeyPolicy& policy, WallTime now, Random& random);

}  // namespace rescind

#endif  // RESCIND_TOKEN_KEY_LIFE_H_
