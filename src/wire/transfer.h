#ifndef RESCIND_WIRE_TRANSFER_H_
#define RESCIND_WIRE_TRANSFER_H_

#include <cstddef>
#include <cstdint>

namespace rescind {

// What one attempt to receive or to send came to. It never waits.
struct Transfer {
  enum class Outcome : std::uint8_t {
    kDone,        // `bytes` of them, at least one
    kNeedsBytes,  // from the peer
    kNeedsRoom,   // in the socket's buffer
    kEnded,       // the peer sends no more, or is gone
    kFailed,      // it does not keep to TLS
  };
  Outcome outcome;
  std::size_t bytes = 0;
  bool has_more = false;  // of a receive: the next may succeed at once, and no edge tells so
};

}  // namespace rescind

#endif  // RESCIND_WIRE_TRANSFER_H_
