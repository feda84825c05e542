// What is done to the database's files before SQLite opens them.
#ifndef RESCIND_STORE_SQLITE_LOCK_FILE_H_
#define RESCIND_STORE_SQLITE_LOCK_FILE_H_

#include <string>
#include <utility>

#include "base/error.h"
#include "base/file_descriptor.h"

namespace rescind::sqlite {

// "<database>.lock", held with flock() for as long as this object lives: one process, and in it one store, per database.
// Taken before the database file is touched, because closing any descriptor of that file would drop SQLite's own locks.
class LockFile {
 public:
  static Result<LockFile> acquire(const std::string& database_path);

 private:
  explicit LockFile(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

// Makes the file where there is none, readable by its owner only, and its directory entry durable. An existing file loses
// what group and others may do. SQLite gives "-wal" and "-shm" the mode of the database.
Result<void> prepare_private_file(const std::string& path);

}  // namespace rescind::sqlite

#endif  // RESCIND_STORE_SQLITE_LOCK_FILE_H_
