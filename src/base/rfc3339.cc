#include "base/rfc3339.h"

#include <algorithm>
#include <string_view>

namespace rescind {
namespace {

// With at least `width` digits.
void append_number(std::string& text, std::int64_t number, std::size_t width, char end) {
  const std::string digits = std::to_string(number);
  text.append(width - std::min(width, digits.size()), '0').append(digits).push_back(end);
}

}  // namespace

std::string to_rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::string text;
  text.reserve(std::string_view("2000-01-01T00:00:00Z").size());
  append_number(text, int{date.year()}, 4, '-');
  append_number(text, unsigned{date.month()}, 2, '-');
  append_number(text, unsigned{date.day()}, 2, 'T');
  append_number(text, clock.hours().count(), 2, ':');
  append_number(text, clock.minutes().count(), 2, ':');
  append_number(text, clock.seconds().count(), 2, 'Z');
  return text;
}

}  // namespace rescind
