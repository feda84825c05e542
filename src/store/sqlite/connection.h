// One SQLite connection, its prepared statements, and the one exception of this folder.
//
// SqliteError never leaves the folder: the writer, the reader and open() turn it into an Error.
#ifndef RESCIND_STORE_SQLITE_CONNECTION_H_
#define RESCIND_STORE_SQLITE_CONNECTION_H_

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "rescind/revocation.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rescind::sqlite {

class SqliteError final : public std::exception {
 public:
  explicit SqliteError(int extended_code) : code_(extended_code) {}
  int code() const { return code_; }
  const char* what() const noexcept override;

 private:
  int code_;
};

// A stored row that no version of this program wrote.
[[noreturn]] void throw_corrupt();
[[noreturn]] void throw_transaction_open();

// A violated constraint, a value that is too big, a damaged row: the connection and other jobs are as good as before.
bool concerns_one_job(const SqliteError& error);

// For people and for the caller: kStoreUnavailable with retry_after, or kInternal where a constraint was violated.
Error to_error(const SqliteError& error);
Error unavailable(std::string message);

// A prepared statement while it is used; given back, reset, when it goes.
class Query {
 public:
  explicit Query(sqlite3_stmt* statement) : statement_(statement) {}
  Query(Query&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  void bind(int place, std::int64_t value);
  void bind(int place, std::string_view text);  // with its length: a NUL is a byte like others
  void bind(int place, std::span<const std::uint8_t> blob);
  void bind(int place, std::nullopt_t);
  void bind(int place, WallTime time) { bind(place, std::int64_t{time.time_since_epoch().count()}); }
  void bind(int place, std::chrono::sys_seconds time) { bind(place, std::int64_t{time.time_since_epoch().count()}); }
  void bind(int place, std::chrono::seconds length) { bind(place, std::int64_t{length.count()}); }
  void bind(int place, const UserId& id) { bind(place, std::string_view(id.text)); }
  template <class Tag>
  void bind(int place, const RandomId<Tag>& id) {
    bind(place, std::span<const std::uint8_t>(id.bytes));
  }
  void bind(int place, const RevocationKey& key) { bind(place, std::span<const std::uint8_t>(key.bytes)); }
  template <class T>
  void bind(int place, const std::optional<T>& value) {
    if (value) {
      bind(place, *value);
    } else {
      bind(place, std::nullopt);
    }
  }

  // True where there is a row.
  bool step();

  bool null_at(int column) const;
  std::int64_t int64_at(int column) const;
  std::string text_at(int column) const;
  WallTime time_at(int column) const;
  std::chrono::sys_seconds seconds_at(int column) const;
  std::vector<std::uint8_t> blob_at(int column) const;
  std::array<std::uint8_t, 16> bytes16_at(int column) const;  // another length is corrupt

 private:
  sqlite3_stmt* statement_;
};

enum class Synchronous : std::uint8_t { kFull, kNormal };
enum class Access : std::uint8_t { kReadWrite, kReadOnly };

struct ConnectionOptions {
  std::string path;
  std::string vfs;  // empty: SQLite's own
  Synchronous synchronous = Synchronous::kFull;
  Access access = Access::kReadWrite;
};

// Thread-safety: one thread at a time.
class Connection {
 public:
  // WAL, foreign keys, defensive, no trusted schema, no automatic checkpoint. Throws SqliteError.
  explicit Connection(const ConnectionOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `sql` is a constant of this folder: statements are kept by its address. Arguments are bound in order.
  template <class... Args>
  Query query(std::string_view sql, const Args&... args) {
    Query prepared(prepare(sql));
    int place = 0;
    (prepared.bind(++place, args), ...);
    return prepared;
  }

  // Runs a statement that gives no rows; returns how many rows it changed.
  template <class... Args>
  std::size_t run(std::string_view sql, const Args&... args) {
    Query prepared = query(sql, args...);
    prepared.step();
    return changed_rows();
  }

  // One or more statements, not kept.
  void execute(const std::string& sql);

  bool in_transaction() const;
  // Takes back what is open, if anything is; true where nothing is open afterwards.
  bool roll_back();

  // A part of the transaction that can be taken back alone.
  void begin_part() { run("SAVEPOINT part"); }
  void end_part() { run("RELEASE part"); }
  void roll_back_part();

  // For note_time(): the latest moment that this transaction has noted; 1970 where it has noted none.
  WallTime noted_time() const { return noted_time_; }
  void set_noted_time(WallTime moment) { noted_time_ = moment; }

  // Pages in the write-ahead log after the last commit of this connection.
  std::size_t wal_pages() const { return wal_pages_; }

  enum class Checkpoint : std::uint8_t { kPassive, kRestart };
  struct Checkpointed {
    bool done = false;
    std::size_t wal_pages = 0;
    std::size_t written_pages = 0;
  };
  // kPassive waits for nobody; kRestart waits for readers, at most a moment, and the log begins anew with the next commit. Its
  // file keeps its length: to write over it is faster than to make it grow. Does not throw: a checkpoint may be missed.
  Checkpointed checkpoint(Checkpoint mode);

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  void configure(const ConnectionOptions& options);
  sqlite3_stmt* prepare(std::string_view sql);
  std::size_t changed_rows() const;

  std::unique_ptr<sqlite3, Close> database_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;  // go before the database
  std::size_t wal_pages_ = 0;
  WallTime noted_time_{};
};

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_CONNECTION_H_
