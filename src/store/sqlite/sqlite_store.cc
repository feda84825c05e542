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
        checkpointer(connection_options(options, sqlite::Access::kReadWrite), options.checkpoint_pages),
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

Task<Result<CreateUserOutcome>> SqliteStore::create_user(User user, EmailKey email, Session session, EventDraft event) {
  return engine_->write<CreateUserOutcome>([user = std::move(user), email = std::move(email), session = std::move(session),
                                            event = std::move(event)](Connection& connection) {
    return sqlite::create_user(connection, user, email, session, event);
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

Task<Result<std::variant<User, UserNotFound>>> SqliteStore::rename_user(UserId id, std::string name, EventDraft event) {
  return engine_->write<std::variant<User, UserNotFound>>(
      [id = std::move(id), name = std::move(name), event = std::move(event)](Connection& connection) {
        return sqlite::rename_user(connection, id, name, event);
      });
}

Task<Result<CreateSessionOutcome>> SqliteStore::create_session(Session session, MissingUser missing_user, EventDraft event) {
  return engine_->write<CreateSessionOutcome>(
      [session = std::move(session), missing_user, event = std::move(event)](Connection& connection) {
        return sqlite::create_session(connection, session, missing_user, event);
      });
}

Task<Result<std::optional<SessionAndUser>>> SqliteStore::find_session(SessionId id) {
  return engine_->read<std::optional<SessionAndUser>>(
      [id](Connection& connection) { return sqlite::find_session(connection, id); });
}

Task<Result<std::vector<Session>>> SqliteStore::list_sessions(UserId user) {
  return engine_->read<std::vector<Session>>(
      [user = std::move(user)](Connection& connection) { return sqlite::list_sessions(connection, user); });
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

Task<Result<Purged>> SqliteStore::purge(WallTime now, std::size_t limit) {
  return engine_->write<Purged>([now, limit](Connection& connection) { return sqlite::purge(connection, now, limit); });
}

}  // namespace rescind
