#include "http/origin_check.h"

#include <algorithm>
#include <boost/url/parse.hpp>

#include "http/fields.h"

namespace rescind {
namespace {

bool is_origin(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || (url->scheme() != "http" && url->scheme() != "https")) return false;
  if (url->host().empty() || url->has_userinfo() || url->has_query() || url->has_fragment()) return false;
  if (!url->encoded_path().empty()) return false;
  return std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

Result<OriginCheck> OriginCheck::create(std::vector<std::string> allowed_origins) {
  for (const std::string& origin : allowed_origins) {
    if (!is_origin(origin))
      return fail(ErrorCode::kInvalidRequest, "\"" + origin + "\" is not an origin (scheme://host[:port])");
  }
  return OriginCheck(std::move(allowed_origins));
}

bool OriginCheck::allows(std::string_view origin) const {
  return std::find(allowed_.begin(), allowed_.end(), origin) != allowed_.end();
}

Result<void> OriginCheck::check(const Request& request) const {
  const FoundField origin = find_field(request, "Origin");
  const FoundField site = find_field(request, "Sec-Fetch-Site");
  const bool ambiguous = origin.count > 1 || site.count > 1;
  const bool passes = origin.count == 1 ? allows(origin.value)
                      : site.count == 1 ? site.value == "same-origin" || site.value == "none"
                                        : true;
  if (ambiguous || !passes) return fail(ErrorCode::kCsrfRejected, "requests from this origin may not change anything here");
  return {};
}

}  // namespace rescind
