// Users, sessions and drafts for tests of stores, told apart by a number or a name.
#ifndef RESCIND_TESTS_TESTING_STORE_VALUES_H_
#define RESCIND_TESTS_TESTING_STORE_VALUES_H_

#include <string>

#include "store/store.h"

namespace rescind {

inline WallTime wall(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }
inline std::chrono::sys_seconds at_second(std::int64_t seconds) {
  return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

inline constexpr std::int64_t kTestNow = 1'700'000'000;  // seconds
inline constexpr std::chrono::hours kTestIdleTtl{14 * 24};

inline SessionId session_id(std::uint64_t number) {
  SessionId id;
  id.bytes[0] = 0x5e;
  for (int i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

inline User make_user(const std::string& id) {
  User user;
  user.id = UserId{id};
  user.email = id + "@Example.com";
  user.name = "Name of " + id;
  user.password_hash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA";
  user.roles = {"admin", "", std::string("a\0,3:b", 6)};
  user.created_at = wall(kTestNow);
  return user;
}

inline Session make_session(std::uint64_t number, const std::string& user, std::int64_t created = kTestNow) {
  Session session;
  session.id = session_id(number);
  session.user = UserId{user};
  session.generation_at = wall(created);
  session.created_at = wall(created);
  session.last_used_at = wall(created);
  session.expires_at = wall(created + 90 * 24 * 3600);
  session.device = "phone";
  session.user_agent = "Agent/1.0";
  session.address = "203.0.113.7";
  session.amr = {"pwd", "otp"};
  session.client_id = "client";
  session.claims_json = R"({"plan":"pro"})";
  return session;
}

inline UserPasskey make_passkey(std::uint8_t number, const std::string& user = "alice") {
  UserPasskey made;
  made.passkey.id = {number, 0, 0xff};
  made.passkey.public_key = {1, 2, 3};
  made.passkey.sign_count = 7;
  made.passkey.backup_eligibility = BackupEligibility::kMultiDevice;
  made.passkey.transports = {"internal", "hybrid"};
  made.passkey.aaguid.fill(9);
  made.user = UserId{user};
  made.name = "key " + std::to_string(number);
  made.created_at = wall(kTestNow + number);
  return made;
}

inline PasskeyId passkey_id(std::uint8_t number) { return make_passkey(number).passkey.id; }

inline EventDraft make_event(EventType type, const std::string& user = "", std::int64_t at = kTestNow) {
  EventDraft event;
  event.type = type;
  if (!user.empty()) event.user = UserId{user};
  event.address = "203.0.113.7";
  event.at = wall(at);
  event.detail = "detail";
  return event;
}

inline CreateSession make_creation(Session session, MissingUser missing_user = MissingUser::kCreate) {
  EventDraft event = make_event(EventType::kSessionCreated, session.user.text);
  return {std::move(session), missing_user, {}, std::move(event)};
}

inline RevocationDraft make_revocation(RevocationKind kind, const std::string& of, std::int64_t value = 0,
                                       std::int64_t expires = kTestNow + 905) {
  return {kind, token_key("https://issuer", of), value, at_second(expires)};
}

inline RotateRefresh make_rotation(std::uint64_t session, std::uint64_t expected, std::int64_t now = kTestNow + 60) {
  return {session_id(session), expected, wall(now), "198.51.100.4", kTestIdleTtl};
}

inline RevokeSession make_session_revocation(std::uint64_t session, std::int64_t at = kTestNow + 100) {
  RevokeSession change;
  change.session = session_id(session);
  change.end = {wall(at), EndReason::kSignedOut};
  change.revocation = {session_key("https://issuer", change.session.text()), std::chrono::seconds(905)};
  change.event = make_event(EventType::kSessionRevoked, "", at);
  change.event.session = change.session;
  return change;
}

inline RaiseTokenVersion make_version_raise(const std::string& user, std::optional<SessionId> keep = std::nullopt,
                                            std::int64_t at = kTestNow + 100) {
  RaiseTokenVersion change;
  change.user = UserId{user};
  change.keep = keep;
  change.end = {wall(at), EndReason::kLogOutAll};
  change.revocation = {user_key("https://issuer", user), std::chrono::seconds(905)};
  change.event = make_event(EventType::kSignedOutEverywhere, user, at);
  return change;
}

}  // namespace rescind

#endif  // RESCIND_TESTS_TESTING_STORE_VALUES_H_
