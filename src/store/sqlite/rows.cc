#include "store/sqlite/rows.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace rescind::sqlite {
namespace {

template <class Enum>
Enum enum_at(const Query& query, int column, Enum first, Enum last) {
  const std::int64_t value = query.int64_at(column);
  if (value < static_cast<std::int64_t>(first) || value > static_cast<std::int64_t>(last)) throw_corrupt();
  return static_cast<Enum>(value);
}

std::uint64_t number_at(const Query& query, int column) {
  const std::int64_t value = query.int64_at(column);
  if (value < 0) throw_corrupt();
  return static_cast<std::uint64_t>(value);
}

std::vector<std::string> list_at(const Query& query, int column) {
  auto texts = split_list(query.text_at(column));
  if (!texts) throw_corrupt();
  return std::move(*texts);
}

std::optional<WallTime> optional_time_at(const Query& query, int column) {
  return query.null_at(column) ? std::nullopt : std::optional(query.time_at(column));
}

std::array<std::uint8_t, 32> digest_at(const Query& query, int column) {
  const std::vector<std::uint8_t> bytes = query.blob_at(column);
  std::array<std::uint8_t, 32> digest{};
  if (bytes.size() != digest.size()) throw_corrupt();
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace

User read_user(const Query& query, int first) {
  User user;
  user.id = UserId{query.text_at(first)};
  user.email = query.text_at(first + 1);
  user.name = query.text_at(first + 2);
  user.password_hash = query.text_at(first + 3);
  user.token_version = query.int64_at(first + 4);
  user.roles = list_at(query, first + 5);
  user.created_at = query.time_at(first + 6);
  user.email_verified_at = optional_time_at(query, first + 7);
  if (query.int64_at(first + 8) != 0) user.block = Block{optional_time_at(query, first + 9), query.text_at(first + 10)};
  return user;
}

Session read_session(const Query& query, int first) {
  Session session;
  session.id = SessionId{query.bytes16_at(first)};
  session.user = UserId{query.text_at(first + 1)};
  session.generation = number_at(query, first + 2);
  session.generation_at = query.time_at(first + 3);
  session.created_at = query.time_at(first + 4);
  session.last_used_at = query.time_at(first + 5);
  session.expires_at = query.time_at(first + 6);
  session.device = query.text_at(first + 7);
  session.user_agent = query.text_at(first + 8);
  session.address = query.text_at(first + 9);
  session.amr = list_at(query, first + 10);
  session.client_id = query.text_at(first + 11);
  session.claims_json = query.text_at(first + 12);
  if (!query.null_at(first + 13)) {
    session.ended = SessionEnd{query.time_at(first + 13), enum_at(query, first + 14, EndReason::kLogOut, kLastEndReason)};
  }
  return session;
}

SessionAndUser read_user_and_session(const Query& query) { return {read_session(query, kUserColumnCount), read_user(query)}; }

Revocation read_revocation(const Query& query) {
  Revocation revocation;
  revocation.seq = number_at(query, 0);
  revocation.kind = enum_at(query, 1, RevocationKind::kToken, RevocationKind::kBefore);
  revocation.key = RevocationKey{query.bytes16_at(2)};
  revocation.value = query.int64_at(3);
  revocation.expires = query.seconds_at(4);
  return revocation;
}

Event read_event(const Query& query) {
  Event event;
  event.seq = number_at(query, 0);
  event.draft.type = enum_at(query, 1, EventType::kUserSignedUp, kLastEventType);
  if (!query.null_at(2)) event.draft.user = UserId{query.text_at(2)};
  if (!query.null_at(3)) event.draft.session = SessionId{query.bytes16_at(3)};
  event.draft.address = query.text_at(4);
  event.draft.at = query.time_at(5);
  event.draft.detail = query.text_at(6);
  event.draft.by = query.text_at(7);
  return event;
}

Challenge read_challenge(const Query& query) {
  Challenge challenge;
  challenge.id = ChallengeId{query.bytes16_at(0)};
  challenge.purpose = enum_at(query, 1, ChallengePurpose::kResetPassword, kLastChallengePurpose);
  if (!query.null_at(2)) challenge.user = UserId{query.text_at(2)};
  challenge.token_version = query.int64_at(3);
  challenge.secret_digest = digest_at(query, 4);
  challenge.expires_at = query.time_at(5);
  return challenge;
}

UserPasskey read_passkey(const Query& query) {
  UserPasskey read;
  Passkey& passkey = read.passkey;
  passkey.id = query.blob_at(0);
  read.user = UserId{query.text_at(1)};
  read.name = query.text_at(2);
  passkey.public_key = query.blob_at(3);
  const std::uint64_t sign_count = number_at(query, 4);
  if (sign_count > std::numeric_limits<std::uint32_t>::max()) throw_corrupt();
  passkey.sign_count = static_cast<std::uint32_t>(sign_count);
  passkey.backup_eligibility = query.int64_at(5) != 0 ? BackupEligibility::kMultiDevice : BackupEligibility::kSingleDevice;
  passkey.backup_state = query.int64_at(6) != 0 ? BackupState::kBackedUp : BackupState::kNotBackedUp;
  passkey.transports = list_at(query, 7);
  passkey.aaguid = query.bytes16_at(8);
  read.created_at = query.time_at(9);
  read.last_used_at = optional_time_at(query, 10);
  return read;
}

ApiKey read_api_key(const Query& query) {
  return {ApiKeyId{query.bytes16_at(0)}, query.text_at(1), list_at(query, 2),
          digest_at(query, 3),           query.time_at(4), optional_time_at(query, 5)};
}

std::string join_list(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += std::to_string(text.size()) + ":" + text + ",";
  return joined;
}

std::optional<std::vector<std::string>> split_list(std::string_view text) {
  std::vector<std::string> texts;
  while (!text.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.size() < 2 || text.front() != ':' || length > text.size() - 2 || text[length + 1] != ',') return std::nullopt;
    texts.emplace_back(text.substr(1, length));
    text.remove_prefix(length + 2);
  }
  return texts;
}

}  // namespace rescind::sqlite
