#include "http/cookies.h"

#include "http/fields.h"

namespace rescind {
namespace {

std::string_view trim(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view to_text(SameSite same_site) {
  switch (same_site) {
    case SameSite::kStrict: return "Strict";
    case SameSite::kLax: return "Lax";
    case SameSite::kNone: return "None";
  }
  return "Strict";
}

}  // namespace

FoundCookie find_cookie(const Request& request, std::string_view name) {
  FoundCookie found;
  for (const HeaderField& field : request.headers) {
    if (!equal_without_case(field.name, "Cookie")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      const std::string_view pair = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
      if (found.state != FoundCookie::State::kAbsent) return {FoundCookie::State::kAmbiguous, {}};
      found = {FoundCookie::State::kOne, trim(pair.substr(equals + 1))};
    }
  }
  return found;
}

void CookiePolicy::set(Response& response, std::string_view name, std::string_view value, std::string_view path,
                       std::chrono::seconds max_age) const {
  response.fields.add_by("Set-Cookie", [&](std::string& text) {
    text.append(name).append("=").append(value).append("; Path=").append(path);
    text.append("; Max-Age=").append(std::to_string(max_age.count())).append("; HttpOnly");
    if (secure_) text.append("; Secure");
    text.append("; SameSite=").append(to_text(same_site_));
  });
}

void CookiePolicy::set_access(Response& response, std::string_view token, std::chrono::seconds max_age) const {
  set(response, access_name(), token, "/", max_age);
}
void CookiePolicy::set_refresh(Response& response, std::string_view token, std::chrono::seconds max_age) const {
  set(response, refresh_name(), token, "/auth", max_age);
}
void CookiePolicy::clear_access(Response& response) const { set(response, access_name(), "", "/", std::chrono::seconds(0)); }
void CookiePolicy::clear_refresh(Response& response) const {
  set(response, refresh_name(), "", "/auth", std::chrono::seconds(0));
}

}  // namespace rescind
