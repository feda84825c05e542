// The embedded store: one SQLite database in WAL mode, flushed to disk before anything is acknowledged.
//
// One thread writes (what is queued goes into one transaction and one flush), one reads, one checkpoints; the
// caller's thread never touches the disk. Both queues are bounded: kOverloaded where one is full.
//
// Thread-safety: any thread may call any operation. close() and the destructor belong to one thread; every io_context that
// waits for an operation must still be there then, and is handed the outcomes.
#ifndef RESCIND_STORE_SQLITE_SQLITE_STORE_H_
#define RESCIND_STORE_SQLITE_SQLITE_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/store.h"

namespace rescind {

// kNormal does not flush at a commit: a power cut takes acknowledged changes back. It is there for the control run of the
// test that proves kFull.
enum class SqliteSynchronous : std::uint8_t { kFull, kNormal };

struct SqliteOptions {
  std::string path;
  SqliteSynchronous synchronous = SqliteSynchronous::kFull;
  std::string vfs;  // the name of a registered SQLite VFS; empty for the system's
  std::size_t max_queued_writes = 4096;
  std::size_t max_queued_reads = 4096;
  std::size_t max_batch = 1024;           // writes that one transaction takes; the first of them waits for the last
  std::size_t checkpoint_pages = 1024;    // of 4 KiB, in the write-ahead log, between two checkpoints
  std::size_t max_wal_pages = 16 * 1024;  // a longer log begins anew; at the latest one of twice as many
};

class SqliteStore final : public Store {
 public:
  // Makes the database (mode 0600) where there is none. kStoreUnavailable, with a message for people, where the file
  // cannot be used: no such directory, another process has it, damaged, of another program, of a newer version.
  static Result<std::unique_ptr<SqliteStore>> open(SqliteOptions options);

  ~SqliteStore() override;
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  // Does what is queued and ends the threads. Later operations get kStoreUnavailable. Idempotent; the destructor calls it.
  void close();

  Task<Result<StoreState>> load_state() override;
  Task<Result<void>> raise_longest_token_lifetime(std::chrono::seconds lifetime) override;
  Task<Result<CreateUserOutcome>> create_user(CreateUser change) override;
  Task<Result<ImportUserOutcome>> import_user(User user, EmailKey email, EventDraft event) override;
  Task<Result<std::optional<User>>> find_user_by_email(EmailKey email) override;
  Task<Result<std::optional<User>>> find_user(UserId id) override;
  Task<Result<ChangeUserOutcome>> change_user(UserId id, UserChange change, EventDraft event) override;
  Task<Result<std::vector<User>>> list_users(UserId after, std::size_t limit) override;
  Task<Result<DeleteUserOutcome>> delete_user(DeleteUser change) override;
  Task<Result<CreateSessionOutcome>> create_session(CreateSession change) override;
  Task<Result<std::optional<SessionAndUser>>> find_session(SessionId id) override;
  Task<Result<std::vector<Session>>> list_sessions(UserId user) override;
  Task<Result<bool>> rename_session(UserId user, SessionId session, std::string device) override;
  Task<Result<RotateRefreshOutcome>> rotate_refresh(RotateRefresh change) override;
  Task<Result<RotateRefreshOutcome>> repeat_refresh(RotateRefresh change) override;
  Task<Result<RevokeSessionOutcome>> revoke_session(RevokeSession change) override;
  Task<Result<RaiseTokenVersionOutcome>> raise_token_version(RaiseTokenVersion change) override;
  Task<Result<Revocation>> add_revocation(RevocationDraft draft, EventDraft event) override;
  Task<Result<std::vector<Revocation>>> list_revocations(std::uint64_t after_seq, std::size_t limit) override;
  Task<Result<std::vector<Revocation>>> load_revocations(std::uint64_t after_seq, std::size_t limit) override;
  Task<Result<BeginAttemptOutcome>> begin_attempt(std::vector<AttemptRule> rules, WallTime now) override;
  Task<Result<void>> settle_attempt(std::vector<SettledBucket> buckets, WallTime now) override;
  Task<Result<void>> create_challenge(Challenge challenge) override;
  Task<Result<std::optional<Challenge>>> find_challenge(ChallengeId id) override;
  Task<Result<std::optional<Challenge>>> consume_challenge(ChallengeId id, ChallengePurpose purpose, WallTime now) override;
  Task<Result<AddPasskeyOutcome>> add_passkey(AddPasskey change) override;
  Task<Result<std::optional<PasskeyAndUser>>> find_passkey(PasskeyId id) override;
  Task<Result<std::vector<UserPasskey>>> list_passkeys(UserId user) override;
  Task<Result<UsePasskeyOutcome>> use_passkey(UsePasskey change) override;
  Task<Result<bool>> rename_passkey(UserId user, PasskeyId id, std::string name) override;
  Task<Result<RemovePasskeyOutcome>> remove_passkey(UserId user, PasskeyId id, LastPasskey last, EventDraft event) override;
  Task<Result<CreateApiKeyOutcome>> create_api_key(ApiKey key, EventDraft event) override;
  Task<Result<std::optional<ApiKey>>> find_api_key(ApiKeyId id) override;
  Task<Result<std::vector<ApiKey>>> list_api_keys() override;
  Task<Result<bool>> revoke_api_key(ApiKeyId id, WallTime now, EventDraft event) override;
  Task<Result<void>> append_event(EventDraft event) override;
  Task<Result<std::vector<Event>>> list_events(EventFilter filter) override;
  Task<Result<EventCursor>> load_event_cursor(std::string follower) override;
  Task<Result<void>> advance_event_cursor(std::string follower, std::uint64_t passed) override;
  Task<Result<Purged>> purge(WallTime now, std::size_t limit) override;

 private:
  struct Engine;
  explicit SqliteStore(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace rescind

#endif  // RESCIND_STORE_SQLITE_SQLITE_STORE_H_
