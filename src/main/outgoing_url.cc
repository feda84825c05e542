#include "main/outgoing_url.h"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace rescind {

Problem outgoing_url_problem(const std::string& text) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || !url->has_authority() || url->encoded_host().empty() || url->has_userinfo() || url->has_fragment()) {
    return "is not a URL with a host, or it has a user, a password or a fragment";
  }
  if (url->scheme() != "http" && url->scheme() != "https") return "is neither https nor http";
  return std::nullopt;
}

// By its text: Boost.URL 1.81 reads the host of http://127.0.0.1.example as 127.0.0.1.
bool is_http_on_localhost(std::string_view url) {
  for (const std::string_view start : {"http://localhost", "http://127.0.0.1", "http://[::1]"}) {
    if (!url.starts_with(start)) continue;
    std::string_view rest = url.substr(start.size());
    if (rest.starts_with(':')) rest = rest.substr(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    if (rest.empty() || rest.starts_with('/') || rest.starts_with('?')) return true;
  }
  return false;
}

}  // namespace rescind
