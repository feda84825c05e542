// A query, parameter by parameter: what a route does not ask for is refused, so that a misspelt filter cannot be ignored.
#ifndef RESCIND_HTTP_QUERY_H_
#define RESCIND_HTTP_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/form.h"
#include "http/message.h"

namespace rescind {

inline constexpr std::size_t kMaxListed = 1000;  // entries of a page

// Reading takes a parameter out and remembers the first thing that was wrong; finish() tells it, or names a parameter that
// nobody took or that is there twice.
class Query {
 public:
  // kInvalidRequest where it is no form.
  static Result<Query> parse(const Request& request);

  std::optional<std::string> take_text(std::string_view name);
  std::optional<std::uint64_t> take_number(std::string_view name);  // 0 … 2^53, in digits
  std::size_t take_limit();                                         // "limit": 1 … kMaxListed, or 100 where it is not there

  // Call after the last take_…(), before anything is done.
  Result<void> finish();

 private:
  explicit Query(FormFields fields) : fields_(std::move(fields)) {}
  void complain(std::string_view name, std::string_view what);

  FormFields fields_;
  std::optional<std::string> complaint_;
};

}  // namespace rescind

#endif  // RESCIND_HTTP_QUERY_H_
