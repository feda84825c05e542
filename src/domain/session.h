// A session: one log-in on one device; the family of all its refresh and access tokens.
#ifndef RESCIND_DOMAIN_SESSION_H_
#define RESCIND_DOMAIN_SESSION_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace rescind {

enum class EndReason : std::uint8_t {
  kLogOut = 1,
  kLogOutAll = 2,
  kSignedOut = 3,
  kRefreshReused = 4,
  kAdmin = 5,
  kRevokedByClient = 6,
  kEvicted = 7,  // the user's limit of sessions, by a newer one
  kBlocked = 8,
  kPasswordChanged = 9,  // or reset
};
inline constexpr EndReason kLastEndReason = EndReason::kPasswordChanged;

// "log_out", "log_out_all", "signed_out", "refresh_reused", "admin", "revoked_by_client", "evicted", "blocked",
// "password_changed".
std::string_view to_string(EndReason reason);

struct SessionEnd {
  WallTime at;
  EndReason reason = EndReason::kLogOut;
};

struct Session {
  SessionId id;
  UserId user;
  std::uint64_t generation = 1;  // of the refresh token that is current
  WallTime generation_at;        // when that generation was reached; the grace counts from here
  WallTime created_at;
  WallTime last_used_at;  // of the last log-in or refresh
  WallTime expires_at;    // absolute end, fixed at creation
  std::string device;     // label given by the client, at most kMaxDeviceBytes; may be empty
  std::string user_agent;
  std::string address;  // of the last log-in or refresh
  std::vector<std::string> amr;
  std::string client_id;    // may be empty
  std::string claims_json;  // the application's own claims, a JSON object; empty for none
  std::optional<SessionEnd> ended;
};

inline constexpr std::size_t kMaxDeviceBytes = 200;
inline constexpr std::size_t kMaxUserAgentBytes = 512;
inline constexpr std::size_t kMaxCustomClaimsBytes = 2048;

struct SessionPolicy {
  std::chrono::seconds refresh_grace{30};
  std::chrono::seconds idle_ttl{14 * 24 * 3600};
  std::chrono::seconds absolute_ttl{90 * 24 * 3600};
  enum class OnReuse : std::uint8_t { kSession, kUser } on_reuse = OnReuse::kSession;
  std::size_t max_per_user = 0;  // sessions that are alive at once; 0: any number
  enum class AtLimit : std::uint8_t { kEvict, kReject } at_limit = AtLimit::kEvict;
};

enum class SessionState : std::uint8_t { kAlive, kEnded, kExpired };

// Ended wins over expired. A session is expired from the moment at which last_used_at + idle_ttl or expires_at is reached.
SessionState decide_session_state(const Session& session, WallTime now, const SessionPolicy& policy);

}  // namespace rescind

#endif  // RESCIND_DOMAIN_SESSION_H_
