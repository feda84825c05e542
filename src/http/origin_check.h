// Which web pages may make a browser change something here (CSRF), and whose address counts.
#ifndef RESCIND_HTTP_ORIGIN_CHECK_H_
#define RESCIND_HTTP_ORIGIN_CHECK_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/message.h"

namespace rescind {

// Immutable.
class OriginCheck {
 public:
  // Each an origin as browsers write it: scheme://host[:port], lower case, no path. kInvalidRequest where one is not.
  static Result<OriginCheck> create(std::vector<std::string> allowed_origins);

  // Compared byte by byte.
  bool allows(std::string_view origin) const;

  // With an Origin: it must be an allowed one. Else with Sec-Fetch-Site: "same-origin" or "none". A request with neither does
  // not come from a browser and passes. Two of either are refused. kCsrfRejected.
  Result<void> check(const Request& request) const;

 private:
  explicit OriginCheck(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}
  std::vector<std::string> allowed_;
};

}  // namespace rescind

#endif  // RESCIND_HTTP_ORIGIN_CHECK_H_
