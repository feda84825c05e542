// The cookies that carry tokens (RFC 6265).
#ifndef RESCIND_HTTP_COOKIES_H_
#define RESCIND_HTTP_COOKIES_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.h"

namespace rescind {

enum class SameSite : std::uint8_t { kStrict, kLax, kNone };

// The value of the one cookie with a name. Names are compared as bytes, with case; nothing is decoded; only SP and HTAB are
// trimmed. Two cookies of one name are ambiguous (cookie tossing) and must be refused.
struct FoundCookie {
  enum class State : std::uint8_t { kAbsent, kOne, kAmbiguous } state = State::kAbsent;
  std::string_view value;
};
FoundCookie find_cookie(const Request& request, std::string_view name);

// Immutable.
class CookiePolicy {
 public:
  // `secure`: the __Host- and __Secure- names with `Secure`. Without it: the bare names, for plain-HTTP localhost.
  CookiePolicy(bool secure, SameSite same_site) : secure_(secure), same_site_(same_site) {}

  std::string_view access_name() const { return secure_ ? "__Host-rescind" : "rescind"; }
  std::string_view refresh_name() const { return secure_ ? "__Secure-rescind-refresh" : "rescind-refresh"; }

  void set_access(Response& response, std::string_view token, std::chrono::seconds max_age) const;
  void set_refresh(Response& response, std::string_view token, std::chrono::seconds max_age) const;
  void clear_access(Response& response) const;
  void clear_refresh(Response& response) const;

 private:
  void set(Response& response, std::string_view name, std::string_view value, std::string_view path,
           std::chrono::seconds max_age) const;
  const bool secure_;
  const SameSite same_site_;
};

}  // namespace rescind

#endif  // RESCIND_HTTP_COOKIES_H_
