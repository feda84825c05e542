// Aligned columns of texts that others have written.
#ifndef RESCIND_CLI_TABLE_H_
#define RESCIND_CLI_TABLE_H_

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace rescind {

// The text as a terminal may have it: control characters, and what is invisible or turns the direction of writing, are
// written as \u{1b}; a byte that is not UTF-8 as \x{ff}. Whoever chooses a name must not command the terminal of whoever
// lists users. A line break is a control character too: a cell is one line.
std::string make_harmless(std::string_view text);

// The same for a JSON document: what make_harmless() would change is escaped as JSON has it, so the document stays equal.
// Precondition: valid JSON.
std::string make_json_harmless(std::string_view json);

// Rows, printed in as many portions as there are pages. A column is as wide as its widest cell so far.
class Table {
 public:
  // One cell for each column, the same number in every row; the heads are a row like others.
  void add_row(std::vector<std::string> cells);

  // What was added since the last time.
  void print(std::ostream& out);

 private:
  std::vector<std::size_t> widths_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace rescind

#endif  // RESCIND_CLI_TABLE_H_
