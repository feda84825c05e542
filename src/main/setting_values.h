// From the text of a setting to its value: each returns what is wrong, or nothing.
#ifndef RESCIND_MAIN_SETTING_VALUES_H_
#define RESCIND_MAIN_SETTING_VALUES_H_

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "main/quantity.h"
#include "main/settings.h"

namespace rescind {

template <class T>
struct Bounds {
  T least;
  T most;
};

Problem set_duration(std::string_view text, Bounds<std::string_view> bounds, std::chrono::milliseconds& out);
// The same, and whole seconds.
Problem set_duration(std::string_view text, Bounds<std::string_view> bounds, std::chrono::seconds& out);

inline constexpr std::size_t kMaxUrlBytes = 2048;

// Visible ASCII, 1 to `max_bytes` of it.
Problem set_visible(std::string_view text, std::size_t max_bytes, std::string& out);
// 1 to 32 of a-z, 0-9, - and _: for log and metrics.
Problem set_name(std::string_view text, std::string& out);

// Sizes are kept in KiB where argon2 counts so.
Problem set_kibibytes(std::string_view text, Bounds<std::string_view> bounds, std::uint32_t& out);

Problem number_problem(Bounds<std::uint64_t> bounds);

template <class T>
Problem set_number(std::string_view text, Bounds<std::uint64_t> bounds, T& out) {
  const auto number = parse_number(text, bounds.most);
  if (!number || *number < bounds.least) return number_problem(bounds);
  out = static_cast<T>(*number);
  return std::nullopt;
}

template <class T>
using Choices = std::vector<std::pair<std::string_view, T>>;

template <class T>
Problem set_choice(std::string_view text, const Choices<T>& choices, T& out) {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (name == text) {
      out = value;
      return std::nullopt;
    }
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return "is not one of " + names;
}

// HOST:PORT with an IPv4 address, an IPv6 address in brackets, or "localhost".
Problem set_listen_address(std::string_view text, ListenAddress& out);

// `memory:` or `sqlite:PATH`.
Problem set_store(std::string_view text, StoreConfig& out);

}  // namespace rescind

#endif  // RESCIND_MAIN_SETTING_VALUES_H_
