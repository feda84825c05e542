#include "wire/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <string>
#include <utility>

namespace rescind {
namespace {

template <auto kFree>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using OwnedBio = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using OwnedCertificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using OwnedKey = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

Unexpected<Error> failure(const std::string& what) {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  return fail(ErrorCode::kInternal, what + (reason != nullptr ? std::string(": ") + reason : std::string()));
}

OwnedBio reader_of(std::string_view pem) { return OwnedBio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

Result<void> use_certificates(SSL_CTX* context, std::string_view pem) {
  const OwnedBio reader = reader_of(pem);
  const OwnedCertificate own(PEM_read_bio_X509_AUX(reader.get(), nullptr, nullptr, nullptr));
  if (!own) return failure("there is no PEM certificate in the certificate file");
  if (SSL_CTX_use_certificate(context, own.get()) != 1) return failure("the certificate cannot be used");
  while (OwnedCertificate next{PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)}) {
    if (SSL_CTX_add0_chain_cert(context, next.get()) != 1) return failure("a certificate of the chain cannot be used");
    static_cast<void>(next.release());  // the context's now
  }
  // Anything but the end of the file is a certificate that is broken.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) return failure("a certificate of the chain cannot be read");
  ERR_clear_error();
  return {};
}

// Called for a passphrase, so the key has one.
int note_encryption(char*, int, int, void* is_encrypted) {
  *static_cast<bool*>(is_encrypted) = true;
  return -1;
}

Result<void> use_key(SSL_CTX* context, std::string_view pem) {
  bool is_encrypted = false;
  const OwnedKey key(PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, note_encryption, &is_encrypted));
  if (is_encrypted) return fail(ErrorCode::kInternal, "the private key has a passphrase: give one without");
  if (!key) return failure("there is no PEM private key in the key file");
  const X509* const certificate = SSL_CTX_get0_certificate(context);
  if (X509_check_private_key(certificate, key.get()) != 1) return failure("the private key is not the certificate's");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) return failure("the private key cannot be used");
  return {};
}

// Whoever offers other protocols only is told so: what he takes for another protocol must not reach us (ALPACA).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1\x08http/1.0";
  auto* found = const_cast<unsigned char*>(*chosen);
  const int outcome = SSL_select_next_proto(&found, size, kOurs, sizeof kOurs - 1, offered, offered_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Result<TlsContext::Shared> TlsContext::make(const TlsIdentity& identity) {
  ERR_clear_error();
  const Shared context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return failure("TLS is not there");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_security_level(context.get(), 2);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // A write may be tried again from where the rest has moved to; idle connections hold no buffers.
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context.get(), 1);  // a record's head and body with one system call
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  auto used = use_certificates(context.get(), identity.certificates);
  if (used) used = use_key(context.get(), identity.key);
  if (!used) return Unexpected(std::move(used).error());
  return context;
}

Result<std::unique_ptr<TlsContext>> TlsContext::create(const TlsIdentity& identity) {
  auto context = make(identity);
  if (!context) return Unexpected(std::move(context).error());
  return std::unique_ptr<TlsContext>(new TlsContext(std::move(*context)));
}

Result<void> TlsContext::replace(const TlsIdentity& identity) {
  auto context = make(identity);
  if (!context) return Unexpected(std::move(context).error());
  const MutexLock lock(mutex_);
  context_.swap(*context);
  return {};
}

std::chrono::sys_seconds TlsContext::expires() const {
  std::tm end{};
  ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(current().get())), &end);
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&end)));
}

bool TlsContext::is_for(std::string host) const {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const Shared context = current();
  X509* const certificate = SSL_CTX_get0_certificate(context.get());
  return X509_check_ip_asc(certificate, host.c_str(), 0) == 1 ||
         X509_check_host(certificate, host.data(), host.size(), 0, nullptr) == 1;
}

std::unique_ptr<TlsStream> TlsContext::open(int socket) const { return TlsStream::create(current().get(), socket); }

TlsContext::Shared TlsContext::current() const {
  const MutexLock lock(mutex_);
  return context_;
}

}  // namespace rescind
