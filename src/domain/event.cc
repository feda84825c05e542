#include "domain/event.h"

namespace rescind {

std::string_view to_string(EventType type) {
  switch (type) {
    case EventType::kUserSignedUp: return "user_signed_up";
    case EventType::kLoginSucceeded: return "login_succeeded";
    case EventType::kLoginFailed: return "login_failed";
    case EventType::kSessionCreated: return "session_created";
    case EventType::kSessionRevoked: return "session_revoked";
    case EventType::kSignedOutEverywhere: return "signed_out_everywhere";
    case EventType::kRefreshReused: return "refresh_reused";
    case EventType::kRevocationAdded: return "revocation_added";
    case EventType::kProfileChanged: return "profile_changed";
  }
  return "";
}

std::optional<EventType> parse_event_type(std::string_view name) {
  for (int i = static_cast<int>(EventType::kUserSignedUp); i <= static_cast<int>(EventType::kProfileChanged); ++i) {
    const auto type = static_cast<EventType>(i);
    if (name == to_string(type)) return type;
  }
  return std::nullopt;
}

}  // namespace rescind
