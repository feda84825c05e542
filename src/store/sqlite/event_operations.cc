#include <limits>

#include "store/sqlite/operations.h"
#include "store/sqlite/rows.h"

namespace rescind::sqlite {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO events (type, user_id, session_id, address, at, detail, made_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

// One statement for each combination, so that each has its index.
#define RESCIND_EVENTS(WHERE) "SELECT " RESCIND_EVENT_COLUMNS " FROM events WHERE seq > ?1 AND seq < ?2" WHERE " ORDER BY seq"
struct ListStatements {
  std::string_view all;
  std::string_view of_type;
  std::string_view of_user;
  std::string_view of_user_and_type;
};
#define RESCIND_LIST_STATEMENTS(DIRECTION)                                         \
  {                                                                                \
    RESCIND_EVENTS("")                                                             \
    DIRECTION " LIMIT ?3", RESCIND_EVENTS(" AND type = ?4") DIRECTION " LIMIT ?3", \
        RESCIND_EVENTS(" AND user_id = ?4") DIRECTION " LIMIT ?3",                 \
        RESCIND_EVENTS(" AND user_id = ?4 AND type = ?5") DIRECTION " LIMIT ?3"    \
  }
constexpr ListStatements kOldestFirst = RESCIND_LIST_STATEMENTS("");
constexpr ListStatements kNewestFirst = RESCIND_LIST_STATEMENTS(" DESC");

// SQLite counts on in sqlite_sequence when the last row has gone; there is none before the first.
constexpr std::string_view kLoadCursor =
    "SELECT (SELECT passed FROM event_cursors WHERE follower = ?1), "
    "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)";
constexpr std::string_view kAdvanceCursor =
    "INSERT INTO event_cursors (follower, passed) VALUES (?1, ?2) "
    "ON CONFLICT (follower) DO UPDATE SET passed = max(passed, ?2)";

std::int64_t code_of(EventType type) { return static_cast<std::int64_t>(type); }

Query select_events(Connection& connection, const EventFilter& filter) {
  const ListStatements& statements = filter.order == EventOrder::kOldestFirst ? kOldestFirst : kNewestFirst;
  const std::int64_t after = to_integer(filter.after_seq);
  const std::int64_t before = filter.before_seq ? to_integer(*filter.before_seq) : std::numeric_limits<std::int64_t>::max();
  const std::int64_t limit = to_integer(filter.limit);
  if (filter.user && filter.type) {
    return connection.query(statements.of_user_and_type, after, before, limit, *filter.user, code_of(*filter.type));
  }
  if (filter.user) return connection.query(statements.of_user, after, before, limit, *filter.user);
  if (filter.type) return connection.query(statements.of_type, after, before, limit, code_of(*filter.type));
  return connection.query(statements.all, after, before, limit);
}

}  // namespace

void append_event(Connection& connection, const EventDraft& event) {
  note_time(connection, event.at);
  connection.run(kInsert, code_of(event.type), event.user, event.session, std::string_view(event.address), event.at,
                 std::string_view(event.detail), std::string_view(event.by));
}

std::vector<Event> list_events(Connection& connection, const EventFilter& filter) {
  std::vector<Event> listed;
  Query query = select_events(connection, filter);
  while (query.step()) listed.push_back(read_event(query));
  return listed;
}

EventCursor load_event_cursor(Connection& connection, const std::string& follower) {
  Query query = connection.query(kLoadCursor, std::string_view(follower));
  query.step();
  EventCursor cursor;
  if (!query.null_at(0)) cursor.passed = static_cast<std::uint64_t>(query.int64_at(0));
  cursor.head = static_cast<std::uint64_t>(query.int64_at(1));
  return cursor;
}

void advance_event_cursor(Connection& connection, const std::string& follower, std::uint64_t passed) {
  connection.run(kAdvanceCursor, std::string_view(follower), to_integer(passed));
}

}  // namespace rescind::sqlite
