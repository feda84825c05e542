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
    case EventType::kUserBlocked: return "user_blocked";
    case EventType::kUserUnblocked: return "user_unblocked";
    case EventType::kPasswordChanged: return "password_changed";
    case EventType::kPasswordResetAsked: return "password_reset_asked";
    case EventType::kPasswordReset: return "password_reset";
    case EventType::kEmailVerified: return "email_verified";
    case EventType::kPasskeyAdded: return "passkey_added";
    case EventType::kPasskeyRemoved: return "passkey_removed";
    case EventType::kApiKeyCreated: return "apikey_created";
    case EventType::kApiKeyRevoked: return "apikey_revoked";
    case EventType::kKeyRotated: return "key_rotated";
    case EventType::kKeyRemoved: return "key_removed";
    case EventType::kUserDeleted: return "user_deleted";
    case EventType::kRolesChanged: return "roles_changed";
    case EventType::kUserImported: return "user_imported";
    case EventType::kPasskeyCloned: return "passkey_cloned";
    case EventType::kEmailChangeAsked: return "email_change_asked";
    case EventType::kEmailChanged: return "email_changed";
  }
  return "";
}

std::optional<EventType> parse_event_type(std::string_view name) {
  for (int i = static_cast<int>(EventType::kUserSignedUp); i <= static_cast<int>(kLastEventType); ++i) {
    const auto type = static_cast<EventType>(i);
    if (name == to_string(type)) return type;
  }
  return std::nullopt;
}

}  // namespace rescind
