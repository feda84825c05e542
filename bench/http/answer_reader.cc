#include "bench/http/answer_reader.h"

#include <strings.h>

#include <charconv>

namespace rescind::bench {
namespace {

constexpr std::string_view kStatusLine = "HTTP/1.1 ";

bool starts_with_name(std::string_view line, std::string_view name) {
  return line.size() > name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0;
}

std::optional<std::size_t> number_in(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Answer> read_answer(std::string_view received) {
  const std::size_t head_end = received.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return std::nullopt;
  if (!received.starts_with(kStatusLine)) return Answer{};
  const std::size_t status = number_in(received.substr(kStatusLine.size(), 3)).value_or(0);
  std::optional<std::size_t> length;
  if (status == 204 || status == 304) length = 0;
  for (std::size_t start = received.find("\r\n") + 2; start < head_end;) {
    const std::size_t end = received.find("\r\n", start);
    const std::string_view line = received.substr(start, end - start);
    constexpr std::string_view kLength = "content-length:";
    if (starts_with_name(line, kLength)) length = number_in(line.substr(kLength.size()));
    start = end + 2;
  }
  if (!length) return Answer{};
  const std::size_t size = head_end + 4 + *length;
  if (received.size() < size) return std::nullopt;
  return Answer{static_cast<int>(status), size};
}

}  // namespace rescind::bench
