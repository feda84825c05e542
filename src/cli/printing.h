// What a server has answered, for people or for programs.
#ifndef RESCIND_CLI_PRINTING_H_
#define RESCIND_CLI_PRINTING_H_

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "cli/table.h"

namespace rescind {

// A value as a cell: "-" for null and for what is not there, "yes", "no", a list with commas between.
std::string to_cell(const boost::json::value* value);

// The text of a member; empty where there is none, or it is no text.
std::string text_at(const boost::json::object& object, std::string_view name);

// One object: its members as lines of two columns, those of an object within as "block.reason".
void print_object(Console& console, const boost::json::object& object);

// The answer of a verb that changes something: `sentence` for people, the answer for programs.
void print_done(Console& console, const boost::json::object& answer, const std::string& sentence);

struct Column {
  std::string head;
  std::string_view member;
};

// A list, page by page: a table, or a JSON object a line.
class ListPrinter {
 public:
  ListPrinter(Console& console, std::vector<Column> columns);

  // The entries of answer[member]; returns the last of them, null where there is none. `answer` must outlive it.
  const boost::json::object* print(const boost::json::object& answer, std::string_view member);

  std::size_t printed() const { return printed_; }  // of the last page

 private:
  Console& console_;
  const std::vector<Column> columns_;
  Table table_;
  std::size_t printed_ = 0;
};

inline constexpr std::string_view kPageLimit = "1000";
inline constexpr std::size_t kPageSize = 1000;

}  // namespace rescind

#endif  // RESCIND_CLI_PRINTING_H_
