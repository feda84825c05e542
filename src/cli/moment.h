// Moments and lengths of time as people write them on a command line.
#ifndef RESCIND_CLI_MOMENT_H_
#define RESCIND_CLI_MOMENT_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace rescind {

// "90s", "15m", "36h", "2d": more than nothing and less than a hundred years.
std::optional<std::chrono::seconds> parse_length(std::string_view text);

// "2026-11-21T10:00:00Z" (RFC 3339 in UTC, whole seconds) or "2026-11-21", its midnight in UTC.
std::optional<std::chrono::sys_seconds> parse_moment(std::string_view text);

}  // namespace rescind

#endif  // RESCIND_CLI_MOMENT_H_
