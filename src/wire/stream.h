// A connection's bytes, in and out: those of its socket, or those of TLS on it.
#ifndef RESCIND_WIRE_STREAM_H_
#define RESCIND_WIRE_STREAM_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "base/file_descriptor.h"
#include "wire/tls_stream.h"
#include "wire/transfer.h"

namespace rescind {

// Thread-safety: one thread.
class Stream {
 public:
  // `socket` does not block. `tls`: on that socket; null for none.
  Stream(FileDescriptor socket, std::unique_ptr<TlsStream> tls) : socket_(std::move(socket)), tls_(std::move(tls)) {}

  int socket() const { return socket_.get(); }

  // Each is one attempt. A system call each where there is no TLS.
  Transfer receive(char* to, std::size_t size);
  Transfer send(std::string_view bytes);

  // Tells the peer that no more comes. Not kDone: to be called again.
  Transfer end_output();

  // Nothing is received or to be sent before the handshake is done, and receive() does it.
  bool is_handshaking() const { return tls_ && tls_->is_handshaking(); }
  // Something has arrived that nobody has received.
  bool has_arrived() const;

 private:
  FileDescriptor socket_;
  std::unique_ptr<TlsStream> tls_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_STREAM_H_
