#include "wire/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace rescind {
namespace {

using Outcome = Transfer::Outcome;

struct FreeMethod {
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

int bounded(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

int write_bytes(BIO* bio, const char* bytes, int size) {
  const auto* const socket = static_cast<TlsSocket*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(socket->descriptor, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && would_block()) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int read_bytes(BIO* bio, char* bytes, int size) {
  auto* const socket = static_cast<TlsSocket*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (socket->reads_left == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  --socket->reads_left;
  const ssize_t received = ::recv(socket->descriptor, bytes, static_cast<std::size_t>(size), 0);
  if (received < 0 && would_block()) {
    BIO_set_retry_read(bio);
  } else if (received <= 0) {
    socket->has_ended = true;
  }
  return static_cast<int>(received);
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

// OpenSSL's own for sockets writes without MSG_NOSIGNAL.
const BIO_METHOD* socket_method() {
  static const std::unique_ptr<BIO_METHOD, FreeMethod> kMethod = [] {
    std::unique_ptr<BIO_METHOD, FreeMethod> method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream socket"));
    if (method) {
      BIO_meth_set_write(method.get(), write_bytes);
      BIO_meth_set_read(method.get(), read_bytes);
      BIO_meth_set_ctrl(method.get(), control);
    }
    return method;
  }();
  return kMethod.get();
}

}  // namespace

void TlsStream::Free::operator()(SSL* ssl) const { SSL_free(ssl); }

std::unique_ptr<TlsStream> TlsStream::create(SSL_CTX* context, int socket) {
  std::unique_ptr<TlsStream> stream(new TlsStream(socket));
  stream->ssl_.reset(SSL_new(context));
  BIO* const bio = socket_method() != nullptr ? BIO_new(socket_method()) : nullptr;
  if (!stream->ssl_ || bio == nullptr) {
    BIO_free(bio);
    return nullptr;
  }
  BIO_set_data(bio, &stream->socket_);
  BIO_set_init(bio, 1);
  SSL_set_bio(stream->ssl_.get(), bio, bio);
  SSL_set_accept_state(stream->ssl_.get());
  return stream;
}

// Reads on after a record until there is room no more or the socket has nothing: only then the next edge is told.
Transfer TlsStream::receive(char* to, std::size_t size) {
  socket_.reads_left = kReadsAtOnce;
  std::size_t filled = 0;
  while (filled < size) {
    ERR_clear_error();
    const int received = SSL_read(ssl_.get(), to + filled, bounded(size - filled));
    if (received > 0) {
      filled += static_cast<std::size_t>(received);
      continue;
    }
    const Transfer transfer = blocked_or_over(received);
    if (filled == 0) return transfer;
    return {Outcome::kDone, filled, transfer.outcome != Outcome::kNeedsBytes || transfer.has_more};
  }
  return {Outcome::kDone, filled, true};
}

Transfer TlsStream::send(std::string_view bytes) {
  ERR_clear_error();
  const int sent = SSL_write(ssl_.get(), bytes.data(), bounded(bytes.size()));
  return sent > 0 ? Transfer{Outcome::kDone, static_cast<std::size_t>(sent)} : blocked_or_over(sent);
}

Transfer TlsStream::end_output() {
  if (has_failed_ || is_handshaking()) return {Outcome::kDone};
  ERR_clear_error();
  const int result = SSL_shutdown(ssl_.get());
  return result >= 0 ? Transfer{Outcome::kDone} : blocked_or_over(result);
}

bool TlsStream::is_handshaking() const { return SSL_is_init_finished(ssl_.get()) == 0; }

bool TlsStream::holds_bytes() const { return SSL_has_pending(ssl_.get()) != 0; }

Transfer TlsStream::blocked_or_over(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {Outcome::kNeedsBytes, 0, socket_.reads_left == 0};
    case SSL_ERROR_WANT_WRITE: return {Outcome::kNeedsRoom};
    case SSL_ERROR_ZERO_RETURN: return {Outcome::kEnded};
    default: has_failed_ = true; return {socket_.has_ended ? Outcome::kEnded : Outcome::kFailed};
  }
}

}  // namespace rescind
