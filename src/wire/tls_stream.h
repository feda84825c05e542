// The server's side of TLS on one socket that does not block.
#ifndef RESCIND_WIRE_TLS_STREAM_H_
#define RESCIND_WIRE_TLS_STREAM_H_

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <string_view>

#include "wire/transfer.h"

namespace rescind {

// What OpenSSL's reads and writes come to; it has a pointer to this.
struct TlsSocket {
  int descriptor;
  int reads_left = 0;  // of the call of receive() that runs
  bool has_ended = false;
};

// The handshake is done by the first calls of receive(). What OpenSSL holds of the socket's bytes is bounded by one record, and
// what one call reads of them by kReadsAtOnce: a peer that sends nothing but messages of TLS's own has no more of a thread.
// Thread-safety: one thread.
class TlsStream {
 public:
  static constexpr int kReadsAtOnce = 16;

  // Null where there is no memory for it. `socket` outlives it.
  static std::unique_ptr<TlsStream> create(SSL_CTX* context, int socket);

  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // As those of Stream. A failure is the peer's doing, or the handshake's; no call may follow but holds_bytes() and
  // end_output().
  Transfer receive(char* to, std::size_t size);
  Transfer send(std::string_view bytes);
  // close_notify (RFC 8446 section 6.1), where the handshake is done.
  Transfer end_output();

  bool is_handshaking() const;
  bool holds_bytes() const;

 private:
  struct Free {
    void operator()(SSL* ssl) const;
  };
  explicit TlsStream(int socket) : socket_{socket} {}
  Transfer blocked_or_over(int result);

  TlsSocket socket_;
  std::unique_ptr<SSL, Free> ssl_;
  bool has_failed_ = false;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_TLS_STREAM_H_
