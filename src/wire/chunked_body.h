// A chunked body (RFC 9112 section 7.1), decoded as it arrives.
//
// Stricter than the RFC: a size is 1 to 8 hexadecimal digits and nothing else on its line, so no extensions (they have no
// use here and every parser bounds them differently: CVE-2023-47627), and no trailers.
#ifndef RESCIND_WIRE_CHUNKED_BODY_H_
#define RESCIND_WIRE_CHUNKED_BODY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rescind {

enum class ChunkedState : std::uint8_t { kNeedMore, kComplete, kMalformed, kTooLarge };

// What it says depends only on the bytes, not on how they were split. Keeps its storage from one body to the next.
class ChunkedBody {
 public:
  explicit ChunkedBody(std::size_t limit) : limit_(limit) {}

  void reset();

  // `raw` is all that has arrived after the head; it grows from call to call and may have moved in memory.
  ChunkedState parse(std::string_view raw);

  // After kComplete.
  std::string_view decoded() const { return decoded_; }
  std::size_t raw_size() const { return position_; }

  // The bytes of `raw` that parse() needs to get any further.
  std::size_t wanted() const { return wanted_; }

 private:
  ChunkedState parse_size_line(std::string_view raw);
  ChunkedState need(std::size_t bytes);

  std::size_t limit_;
  std::size_t position_ = 0;     // of the chunk that is being read
  std::size_t chunk_begin_ = 0;  // of its data; 0 until its size line is complete
  std::size_t chunk_size_ = 0;
  std::size_t wanted_ = 0;
  std::string decoded_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_CHUNKED_BODY_H_
