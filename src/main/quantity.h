// Durations and sizes as settings spell them: `500ms`, `30s`, `15m`, `2h`, `14d`; `512B`, `64KiB`, `19MiB`, `1GiB`.
//
// One whole number and one unit; no sign, no space, no fraction, nothing behind. `0` needs no unit. Absent is what is not
// that, or does not fit.
#ifndef RESCIND_MAIN_QUANTITY_H_
#define RESCIND_MAIN_QUANTITY_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rescind {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::optional<std::uint64_t> parse_size(std::string_view text);

// Decimal digits only, at most `max`.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max);

}  // namespace rescind

#endif  // RESCIND_MAIN_QUANTITY_H_
