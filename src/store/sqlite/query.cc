#include <sqlite3.h>

#include <algorithm>

#include "store/sqlite/connection.h"

namespace rescind::sqlite {
namespace {

void check_bound(int code) {
  if (code != SQLITE_OK) throw SqliteError(code);
}

}  // namespace

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Query::bind(int place, std::int64_t value) { check_bound(sqlite3_bind_int64(statement_, place, value)); }

void Query::bind(int place, std::string_view text) {
  // A null pointer would bind NULL.
  const char* data = text.data() == nullptr ? "" : text.data();
  check_bound(sqlite3_bind_text64(statement_, place, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Query::bind(int place, std::span<const std::uint8_t> blob) {
  check_bound(sqlite3_bind_blob64(statement_, place, blob.data(), blob.size(), SQLITE_TRANSIENT));
}

void Query::bind(int place, std::nullopt_t) { check_bound(sqlite3_bind_null(statement_, place)); }

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SqliteError(sqlite3_extended_errcode(sqlite3_db_handle(statement_)));
}

bool Query::null_at(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t Query::int64_at(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER) throw_corrupt();
  return sqlite3_column_int64(statement_, column);
}

std::string Query::text_at(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_TEXT) throw_corrupt();
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (data == nullptr) throw SqliteError(SQLITE_NOMEM);
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

WallTime Query::time_at(int column) const { return WallTime(WallTime::duration(int64_at(column))); }

std::chrono::sys_seconds Query::seconds_at(int column) const {
  return std::chrono::sys_seconds(std::chrono::seconds(int64_at(column)));
}

std::vector<std::uint8_t> Query::blob_at(int column) const {
  if (sqlite3_column_type(statement_, column) != SQLITE_BLOB) throw_corrupt();
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  if (data == nullptr && size != 0) throw SqliteError(SQLITE_NOMEM);
  return {data, data + size};
}

std::array<std::uint8_t, 16> Query::bytes16_at(int column) const {
  std::array<std::uint8_t, 16> bytes{};
  if (sqlite3_column_type(statement_, column) != SQLITE_BLOB) throw_corrupt();
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (data == nullptr || sqlite3_column_bytes(statement_, column) != 16) throw_corrupt();
  std::copy_n(data, bytes.size(), bytes.begin());
  return bytes;
}

}  // namespace rescind::sqlite
