// One who is told of events: as the configuration names it.
#ifndef RESCIND_WEBHOOKS_WEBHOOK_H_
#define RESCIND_WEBHOOKS_WEBHOOK_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/secret.h"
#include "domain/event.h"

namespace rescind {

inline constexpr std::size_t kMaxWebhooks = 16;  // each has a thread
inline constexpr std::size_t kMinWebhookKeyBytes = 24;

struct Webhook {
  std::string name;                                // in log and metrics, and of its cursor in the store
  std::string url;                                 // https, or http on loopback
  std::string ca_file;                             // empty: the system's certificate authorities
  std::chrono::milliseconds timeout{10'000};       // of one delivery, from the connection to the answer's end
  std::vector<Secret> keys;                        // see parse_webhook_secret(); each signs
  std::optional<std::set<EventType>> only_events;  // absent: all
};

}  // namespace rescind

#endif  // RESCIND_WEBHOOKS_WEBHOOK_H_
