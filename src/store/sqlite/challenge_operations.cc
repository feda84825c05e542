#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO challenges (id, purpose, user_id, token_version, secret_digest, expires_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING";
constexpr std::string_view kDriveOut =
    "DELETE FROM challenges WHERE made IN (SELECT made FROM challenges WHERE user_id = ?1 AND purpose = ?2 "
    "ORDER BY made DESC LIMIT -1 OFFSET ?3)";
constexpr std::string_view kFind =
    "SELECT id, purpose, user_id, token_version, secret_digest, expires_at FROM challenges WHERE id = ?1";
constexpr std::string_view kDelete = "DELETE FROM challenges WHERE id = ?1";

std::int64_t code_of(ChallengePurpose purpose) { return static_cast<std::int64_t>(purpose); }

}  // namespace

bool add_challenge(Connection& connection, const Challenge& challenge) {
  return connection.run(kInsert, challenge.id, code_of(challenge.purpose), challenge.user, challenge.token_version,
                        std::span<const std::uint8_t>(challenge.secret_digest), challenge.expires_at) != 0;
}

void create_challenge(Connection& connection, const Challenge& challenge) {
  if (!add_challenge(connection, challenge) || !challenge.user) return;
  connection.run(kDriveOut, *challenge.user, code_of(challenge.purpose), std::int64_t{kMaxChallengesPerUser});
}

std::optional<Challenge> find_challenge(Connection& connection, const ChallengeId& id) {
  Query query = connection.query(kFind, id);
  return query.step() ? std::optional(read_challenge(query)) : std::nullopt;
}

std::optional<Challenge> consume_challenge(Connection& connection, const ChallengeId& id, ChallengePurpose purpose,
                                           WallTime now) {
  std::optional<Challenge> found = find_challenge(connection, id);
  if (!found || found->purpose != purpose) return std::nullopt;
  connection.run(kDelete, id);
  if (now >= found->expires_at) return std::nullopt;
  if (!found->user) return found;
  const std::optional<User> user = find_user(connection, *found->user);
  return user && user->token_version == found->token_version ? found : std::nullopt;
}

}  // namespace rescind::sqlite
