#include "wire/chunked_body.h"

#include <charconv>

namespace rescind {
namespace {

constexpr std::size_t kMaxSizeDigits = 8;
constexpr std::size_t kFramingAllowance = 1024;
constexpr std::size_t kKeptStorage = 4096;

}  // namespace

void ChunkedBody::reset() {
  position_ = chunk_begin_ = chunk_size_ = wanted_ = 0;
  decoded_.clear();
  if (decoded_.capacity() > kKeptStorage) decoded_.shrink_to_fit();
}

ChunkedState ChunkedBody::need(std::size_t bytes) {
  wanted_ = bytes;
  return ChunkedState::kNeedMore;
}

ChunkedState ChunkedBody::parse(std::string_view raw) {
  for (;;) {
    if (chunk_begin_ == 0) {
      const ChunkedState line = parse_size_line(raw);
      if (line != ChunkedState::kComplete) return line;
    }
    const std::size_t data_end = chunk_begin_ + chunk_size_;
    if (raw.size() < data_end + 2) return need(data_end + 2);
    if (raw.substr(data_end, 2) != "\r\n") return ChunkedState::kMalformed;  // for the last chunk: a trailer
    decoded_.append(raw.substr(chunk_begin_, chunk_size_));
    position_ = data_end + 2;
    chunk_begin_ = 0;
    if (chunk_size_ == 0) return ChunkedState::kComplete;
  }
}

// kComplete: chunk_begin_ and chunk_size_ are known.
ChunkedState ChunkedBody::parse_size_line(std::string_view raw) {
  const std::string_view window = raw.substr(position_, kMaxSizeDigits + 2);
  const std::size_t line_feed = window.find('\n');
  if (line_feed == window.npos) {
    return window.size() < kMaxSizeDigits + 2 ? need(raw.size() + 1) : ChunkedState::kMalformed;
  }
  if (line_feed < 2 || window[line_feed - 1] != '\r') return ChunkedState::kMalformed;
  const char* const end = window.data() + line_feed - 1;
  std::uint32_t size = 0;
  // from_chars takes no sign (for unsigned types), no "0x", no white space and no "_".
  const auto [parsed, error] = std::from_chars(window.data(), end, size, 16);
  if (error != std::errc{} || parsed != end) return ChunkedState::kMalformed;
  const std::size_t begin = position_ + line_feed + 1;
  // The second bound is on framing: one-byte chunks cost six bytes each.
  if (size > limit_ - decoded_.size() || begin + size > 2 * limit_ + kFramingAllowance) return ChunkedState::kTooLarge;
  chunk_begin_ = begin;
  chunk_size_ = size;
  return ChunkedState::kComplete;
}

}  // namespace rescind
