// Every bound of the wire in one place.
#ifndef RESCIND_WIRE_LIMITS_H_
#define RESCIND_WIRE_LIMITS_H_

#include <chrono>
#include <cstddef>

namespace rescind {

struct WireLimits {
  std::size_t head_bytes = 16 * 1024;
  std::size_t target_bytes = 8 * 1024;
  std::size_t header_count = 100;
  std::size_t body_bytes = 64 * 1024;      // decoded; a chunked body may take twice this and 1 KiB with its framing
  std::size_t connections = 20'000;        // further ones are closed at once and counted
  std::size_t requests_per_batch = 64;     // pipelined requests answered with one write
  std::chrono::seconds head_timeout{10};   // from the first byte of a request to its head's end
  std::chrono::seconds body_timeout{10};   // from the head's end to the body's end
  std::chrono::seconds idle_timeout{75};   // between requests
  std::chrono::seconds write_timeout{10};  // a reader that takes nothing
};

}  // namespace rescind

#endif  // RESCIND_WIRE_LIMITS_H_
