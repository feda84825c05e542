#include "store/sqlite/sqlite_store.h"

#include <utility>

#include "store/sqlite/checkpointer.h"
#include "store/sqlite/lock_file.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/operations.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/writer.h"

namespace rescind {
namespace {

using sqlite::Connection;

sqlite::ConnectionOptions connection_options(const SqliteOptions& options, sqlite::Access access) {
  const bool is_full = options.synchronous == SqliteSynchronous::kFull;
  return {options.path, options.vfs, is_full ? sqlite::Synchronous::kFull : sqlite::Synchronous::kNormal, access};
}

sqlite::WriterLimits writer_limits(const SqliteOptions& options) {
  return {options.max_queued_writes, options.max_batch, options.max_wal_pages};
}

}  // namespace

// Members go in the reverse order: the reader and the writer end before the checkpointer that the writer tells, and the
// lock is given up last.
struct SqliteStore::Engine {
  Engine(sqlite::LockFile held, const SqliteOptions& options)
      : lock(std::move(held)),
        checkpointer(connection_options(options, sqlite::Access::kReadWrite), options.checkpoint_pages, options.max_wal_pages),
        writer(connection_options(options, sqlite::Access::kReadWrite), writer_limits(options), checkpointer),
        reader(connection_options(options, sqlite::Access::kReadOnly), options.max_queued_reads) {}

  template <class T>
  Task<Result<T>> write(sqlite::Work<T> work, sqlite::Admission admission = sqlite::Admission::kWhereThereIsRoom) {
    return writer.queue().submit<T>(std::move(work), admission);
  }
  template <class T>
  Task<Result<T>> read(sqlite::Work<T> work, sqlite::Admission admission = sqlite::Admission::kWhereThereIsRoom) {
    return reader.queue().submit<T>(std::move(work), admission);
  }

  sqlite::LockFile lock;
  sqlite::Checkpointer checkpointer;
  sqlite::Writer writer;
  sqlite::Reader reader;
};

SqliteStore::SqliteStore(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

SqliteStore::~SqliteStore() { close(); }

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(SqliteOptions options) {
  auto lock = sqlite::LockFile::acquire(options.path);
  if (!lock) return Unexpected(std::move(lock).error());
  Result<void> prepared = sqlite::prepare_private_file(options.path);
  if (!prepared) return Unexpected(std::move(prepared).error());
  try {
    {
      Connection connection(connection_options(options, sqlite::Access::kReadWrite));
      Result<void> migrated = sqlite::migrate(connection);
      if (!migrated) return Unexpected(Error{migrated.error().code, options.path + ": " + migrated.error().message, {}});
      sqlite::load_state(connection);
    }
    auto engine = std::make_unique<Engine>(std::move(*lock), options);
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(engine)));
  } catch (const sqlite::SqliteError& error) {
    Error failure = sqlite::to_error(error);
    failure.message = options.path + ": " + failure.message;
    return Unexpected(std::move(failure));
  }
}

void SqliteStore::close() {
  engine_->writer.close();
  engine_->reader.close();
  engine_->checkpointer.close();
}

// Through the writer, so that a writer that has stopped is noticed.
Task<Result<StoreState>> SqliteStore::load_state() {
  return engine_->write<StoreState>([](Connection& connection) { return sqlite::load_state(connection); },
                                    sqlite::Admission::kAlways);
}

Task<Result<void>> SqliteStore::raise_longest_token_lifetime(std::chrono::seconds lifetime) {
  return engine_->write<void>([lifetime](Connection& connection) {
    sqlite::raise_longest_token_lifetime(connection, lifetime);
    return Result<void>();
  });
}

Task<Result<CreateUserOutcome>> SqliteStore::create_user(CreateUser change) {
  return engine_->write<CreateUserOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::create_user(connection, change); });
}

Task<Result<ImportUserOutcome>> SqliteStore::import_user(User user, EmailKey email, EventDraft event) {
  return engine_->write<ImportUserOutcome>(
      [user = std::move(user), email = std::move(email), event = std::move(event)](Connection& connection) {
        return sqlite::import_user(connection, user, email, event);
      });
}

Task<Result<std::optional<User>>> SqliteStore::find_user_by_email(EmailKey email) {
  return engine_->read<std::optional<User>>(
      [email = std::move(email)](Connection& connection) { return sqlite::find_user_by_email(connection, email); });
}

Task<Result<std::optional<User>>> SqliteStore::find_user(UserId id) {
  return engine_->read<std::optional<User>>(
      [id = std::move(id)](Connection& connection) { return sqlite::find_user(connection, id); });
}

Task<Result<ChangeUserOutcome>> SqliteStore::change_user(UserId id, UserChange change, EventDraft event) {
  return engine_->write<ChangeUserOutcome>(
      [id = std::move(id), change = std::move(change), event = std::move(event)](Connection& connection) {
        return sqlite::change_user(connection, id, change, event);
      });
}

Task<Result<std::vector<User>>> SqliteStore::list_users(UserId after, std::size_t limit) {
  return engine_->read<std::vector<User>>(
      [after = std::move(after), limit](Connection& connection) { return sqlite::list_users(connection, after, limit); });
}

Task<Result<DeleteUserOutcome>> SqliteStore::delete_user(DeleteUser change) {
  return engine_->write<DeleteUserOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::delete_user(connection, change); });
}

Task<Result<CreateSessionOutcome>> SqliteStore::create_session(CreateSession change) {
  return engine_->write<CreateSessionOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::create_session(connection, change); });
}

Task<Result<std::optional<SessionAndUser>>> SqliteStore::find_session(SessionId id) {
  return engine_->read<std::optional<SessionAndUser>>(
      [id](Connection& connection) { return sqlite::find_session(connection, id); });
}

Task<Result<std::vector<Session>>> SqliteStore::list_sessions(UserId user) {
  return engine_->read<std::vector<Session>>(
      [user = std::move(user)](Connection& connection) { return sqlite::list_sessions(connection, user); });
}

Task<Result<bool>> SqliteStore::rename_session(UserId user, SessionId session, std::string device) {
  return engine_->write<bool>([user = std::move(user), session, device = std::move(device)](Connection& connection) {
    return sqlite::rename_session(connection, user, session, device);
  });
}

Task<Result<RotateRefreshOutcome>> SqliteStore::rotate_refresh(RotateRefresh change) {
  return engine_->write<RotateRefreshOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::rotate_refresh(connection, change); });
}

Task<Result<RotateRefreshOutcome>> SqliteStore::repeat_refresh(RotateRefresh change) {
  return engine_->write<RotateRefreshOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::repeat_refresh(connection, change); });
}

Task<Result<RevokeSessionOutcome>> SqliteStore::revoke_session(RevokeSession change) {
  return engine_->write<RevokeSessionOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::revoke_session(connection, change); });
}

Task<Result<RaiseTokenVersionOutcome>> SqliteStore::raise_token_version(RaiseTokenVersion change) {
  return engine_->write<RaiseTokenVersionOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::raise_token_version(connection, change); });
}

Task<Result<Revocation>> SqliteStore::add_revocation(RevocationDraft draft, EventDraft event) {
  return engine_->write<Revocation>(
      [draft, event = std::move(event)](Connection& connection) { return sqlite::add_revocation(connection, draft, event); });
}

Task<Result<std::vector<Revocation>>> SqliteStore::list_revocations(std::uint64_t after_seq, std::size_t limit) {
  return engine_->read<std::vector<Revocation>>(
      [after_seq, limit](Connection& connection) { return sqlite::list_revocations(connection, after_seq, limit); });
}

Task<Result<std::vector<Revocation>>> SqliteStore::load_revocations(std::uint64_t after_seq, std::size_t limit) {
  return engine_->read<std::vector<Revocation>>(
      [after_seq, limit](Connection& connection) { return sqlite::list_revocations(connection, after_seq, limit); },
      sqlite::Admission::kAlways);
}

Task<Result<BeginAttemptOutcome>> SqliteStore::begin_attempt(std::vector<AttemptRule> rules, WallTime now) {
  return engine_->write<BeginAttemptOutcome>(
      [rules = std::move(rules), now](Connection& connection) { return sqlite::begin_attempt(connection, rules, now); });
}

Task<Result<void>> SqliteStore::settle_attempt(std::vector<SettledBucket> buckets, WallTime now) {
  return engine_->write<void>([buckets = std::move(buckets), now](Connection& connection) {
    sqlite::settle_attempt(connection, buckets, now);
    return Result<void>();
  });
}

Task<Result<void>> SqliteStore::create_challenge(Challenge challenge) {
  return engine_->write<void>([challenge = std::move(challenge)](Connection& connection) {
    sqlite::create_challenge(connection, challenge);
    return Result<void>();
  });
}

Task<Result<std::optional<Challenge>>> SqliteStore::find_challenge(ChallengeId id) {
  return engine_->read<std::optional<Challenge>>(
      [id](Connection& connection) { return sqlite::find_challenge(connection, id); });
}

Task<Result<std::optional<Challenge>>> SqliteStore::consume_challenge(ChallengeId id, ChallengePurpose purpose, WallTime now) {
  return engine_->write<std::optional<Challenge>>(
      [id, purpose, now](Connection& connection) { return sqlite::consume_challenge(connection, id, purpose, now); });
}

Task<Result<AddPasskeyOutcome>> SqliteStore::add_passkey(AddPasskey change) {
  return engine_->write<AddPasskeyOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::add_passkey(connection, change); });
}

Task<Result<std::optional<PasskeyAndUser>>> SqliteStore::find_passkey(PasskeyId id) {
  return engine_->read<std::optional<PasskeyAndUser>>(
      [id = std::move(id)](Connection& connection) { return sqlite::find_passkey(connection, id); });
}

Task<Result<std::vector<UserPasskey>>> SqliteStore::list_passkeys(UserId user) {
  return engine_->read<std::vector<UserPasskey>>(
      [user = std::move(user)](Connection& connection) { return sqlite::list_passkeys(connection, user); });
}

Task<Result<UsePasskeyOutcome>> SqliteStore::use_passkey(UsePasskey change) {
  return engine_->write<UsePasskeyOutcome>(
      [change = std::move(change)](Connection& connection) { return sqlite::use_passkey(connection, change); });
}

Task<Result<bool>> SqliteStore::rename_passkey(UserId user, PasskeyId id, std::string name) {
  return engine_->write<bool>([user = std::move(user), id = std::move(id), name = std::move(name)](Connection& connection) {
    return sqlite::rename_passkey(connection, user, id, name);
  });
}

Task<Result<RemovePasskeyOutcome>> SqliteStore::remove_passkey(UserId user, PasskeyId id, LastPasskey last, EventDraft event) {
  return engine_->write<RemovePasskeyOutcome>(
      [user = std::move(user), id = std::move(id), last, event = std::move(event)](Connection& connection) {
        return sqlite::remove_passkey(connection, user, id, last, event);
      });
}

Task<Result<CreateApiKeyOutcome>> SqliteStore::create_api_key(ApiKey key, EventDraft event) {
  return engine_->write<CreateApiKeyOutcome>([key = std::move(key), event = std::move(event)](Connection& connection) {
    return sqlite::create_api_key(connection, key, event);
  });
}

Task<Result<std::optional<ApiKey>>> SqliteStore::find_api_key(ApiKeyId id) {
  return engine_->read<std::optional<ApiKey>>([id](Connection& connection) { return sqlite::find_api_key(connection, id); });
}

Task<Result<std::vector<ApiKey>>> SqliteStore::list_api_keys() {
  return engine_->read<std::vector<ApiKey>>([](Connection& connection) { return sqlite::list_api_keys(connection); });
}

Task<Result<bool>> SqliteStore::revoke_api_key(ApiKeyId id, WallTime now, EventDraft event) {
  return engine_->write<bool>([id, now, event = std::move(event)](Connection& connection) {
    return sqlite::revoke_api_key(connection, id, now, event);
  });
}

Task<Result<void>> SqliteStore::append_event(EventDraft event) {
  return engine_->write<void>([event = std::move(event)](Connection& connection) {
    sqlite::append_event(connection, event);
    return Result<void>();
  });
}

Task<Result<std::vector<Event>>> SqliteStore::list_events(EventFilter filter) {
  return engine_->read<std::vector<Event>>(
      [filter = std::move(filter)](Connection& connection) { return sqlite::list_events(connection, filter); });
}

Task<Result<EventCursor>> SqliteStore::load_event_cursor(std::string follower) {
  return engine_->read<EventCursor>(
      [follower = std::move(follower)](Connection& connection) { return sqlite::load_event_cursor(connection, follower); });
}

Task<Result<void>> SqliteStore::advance_event_cursor(std::string follower, std::uint64_t passed) {
  return engine_->write<void>([follower = std::move(follower), passed](Connection& connection) {
    sqlite::advance_event_cursor(connection, follower, passed);
    return Result<void>();
  });
}

Task<Result<Purged>> SqliteStore::purge(WallTime now, std::size_t limit) {
  return engine_->write<Purged>([now, limit](Connection& connection) { return sqlite::purge(connection, now, limit); });
}

}  // namespace rescind
