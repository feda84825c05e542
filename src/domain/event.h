// Security events: who did what, to which session, from where, when. Never a token or a password.
#ifndef RESCIND_DOMAIN_EVENT_H_
#define RESCIND_DOMAIN_EVENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"

namespace rescind {

enum class EventType : std::uint8_t {
  kUserSignedUp = 1,
  kLoginSucceeded = 2,
  kLoginFailed = 3,
  kSessionCreated = 4,  // by the application ("bring your own login")
  kSessionRevoked = 5,
  kSignedOutEverywhere = 6,
  kRefreshReused = 7,
  kRevocationAdded = 8,
  kProfileChanged = 9,
  kUserBlocked = 10,
  kUserUnblocked = 11,
  kPasswordChanged = 12,
  kPasswordResetAsked = 13,
  kPasswordReset = 14,
  kEmailVerified = 15,
  kPasskeyAdded = 16,
  kPasskeyRemoved = 17,
  kApiKeyCreated = 18,
  kApiKeyRevoked = 19,
  kKeyRotated = 20,
  kKeyRemoved = 21,
  kUserDeleted = 22,
  kRolesChanged = 23,
  kUserImported = 24,
  kPasskeyCloned = 25,  // its signature counter did not grow
  kEmailChangeAsked = 26,
  kEmailChanged = 27,
};
inline constexpr EventType kLastEventType = EventType::kEmailChanged;

// "user_signed_up", "login_succeeded", …
std::string_view to_string(EventType type);
std::optional<EventType> parse_event_type(std::string_view name);

// What is written; the store numbers it in the same transaction as the change it tells of.
struct EventDraft {
  EventType type = EventType::kLoginSucceeded;
  std::optional<UserId> user;
  std::optional<SessionId> session;
  std::string address;
  WallTime at;
  std::string detail;   // for people, at most 200 bytes; may be empty
  std::string by = {};  // the machine that asked: see Actor of service/revocations.h; empty where it was none
};

struct Event {
  std::uint64_t seq = 0;
  EventDraft draft;
};

}  // namespace rescind

#endif  // RESCIND_DOMAIN_EVENT_H_
