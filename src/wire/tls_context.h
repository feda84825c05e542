// The certificate that new TLS connections show, and the rules that they are made by: TLS 1.2 or 1.3, the suites of OpenSSL's
// security level 2, HTTP/1 alone by ALPN (RFC 7301), no renegotiation, no compression, no early data.
#ifndef RESCIND_WIRE_TLS_CONTEXT_H_
#define RESCIND_WIRE_TLS_CONTEXT_H_

#include <openssl/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/mutex.h"
#include "wire/tls_stream.h"

namespace rescind {

// In PEM: the server's certificate first, then those that lead to the root; a private key without a passphrase.
struct TlsIdentity {
  std::string_view certificates;
  std::string_view key;
};

// Sessions are resumed by tickets, whose keys come and go with the identity: nothing is kept for a client.
// Thread-safety: any thread may call any member.
class TlsContext {
 public:
  // Fails where a part cannot be read, the key is not the certificate's or is encrypted, or the two are too weak.
  static Result<std::unique_ptr<TlsContext>> create(const TlsIdentity& identity);

  // For the connections from now on; those that are open keep theirs. Fails as create() does, and then changes nothing.
  Result<void> replace(const TlsIdentity& identity);

  // Whether clients that ask for `host`, a name or an IP address (IPv6 in brackets), take the certificate for its own (RFC
  // 6125).
  bool is_for(std::string host) const;

  // The end of the certificate's time.
  std::chrono::sys_seconds expires() const;

  // As TlsStream::create().
  std::unique_ptr<TlsStream> open(int socket) const;

 private:
  using Shared = std::shared_ptr<SSL_CTX>;
  static Result<Shared> make(const TlsIdentity& identity);
  explicit TlsContext(Shared context) : context_(std::move(context)) {}
  Shared current() const;

  mutable Mutex mutex_;
  Shared context_ GUARDED_BY(mutex_);
};

}  // namespace rescind

#endif  // RESCIND_WIRE_TLS_CONTEXT_H_
