// A loopback client that speaks TLS, and certificates to speak it with. For tests.
#ifndef RESCIND_WIRE_TLS_CLIENT_H_
#define RESCIND_WIRE_TLS_CLIENT_H_

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <string>
#include <thread>

#include "wire/loopback_client.h"
#include "wire/tls_context.h"

namespace rescind {

struct TestIdentity {
  std::string certificate;
  std::string key;
  std::string encrypted_key;
  TlsIdentity view() const { return {certificate, key}; }
};

inline std::string take_text(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  std::string text(bytes, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

// Self-signed, for localhost, good for a day.
inline TestIdentity make_identity(long serial, EVP_PKEY* key = EVP_EC_gen("P-256")) {
  X509* const certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  BIO* const certificate_text = BIO_new(BIO_s_mem());
  BIO* const key_text = BIO_new(BIO_s_mem());
  BIO* const encrypted_text = BIO_new(BIO_s_mem());
  unsigned char passphrase[] = "passphrase";
  PEM_write_bio_X509(certificate_text, certificate);
  PEM_write_bio_PrivateKey(key_text, key, nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_PrivateKey(encrypted_text, key, EVP_aes_128_cbc(), passphrase, 10, nullptr, nullptr);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return {take_text(certificate_text), take_text(key_text), take_text(encrypted_text)};
}

struct TlsClientOptions {
  int version = TLS1_3_VERSION;
  std::string alpn = {};  // as on the wire
  int receive_buffer = 0;
  SSL_SESSION* session = nullptr;      // to resume
  std::chrono::milliseconds pause{0};  // before it reads the answer to its first message
};

// The handshake is done by the constructor.
class TlsClient : public LoopbackClient {
 public:
  explicit TlsClient(std::uint16_t port, TlsClientOptions options = {})
      : LoopbackClient(port, options.receive_buffer), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_security_level(context_, 0);  // so that the old can be offered
    SSL_CTX_set_options(context_, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_max_cert_list(context_, 16 * 1024 * 1024);
    ssl_ = SSL_new(context_);
    SSL_set_min_proto_version(ssl_, options.version);
    SSL_set_max_proto_version(ssl_, options.version);
    const auto* const alpn = reinterpret_cast<const unsigned char*>(options.alpn.data());
    if (!options.alpn.empty()) SSL_set_alpn_protos(ssl_, alpn, static_cast<unsigned>(options.alpn.size()));
    if (options.session != nullptr) SSL_set_session(ssl_, options.session);
    SSL_set_fd(ssl_, socket());
    ERR_clear_error();
    if (options.pause.count() > 0) send_hello_and_wait(options.pause);
    shook_hands_ = SSL_connect(ssl_) == 1;
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    if (!shook_hands_) alert_ = reason != nullptr ? reason : "no answer";
  }
  ~TlsClient() override {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }

  SSL* ssl() { return ssl_; }
  bool shook_hands() const { return shook_hands_; }
  // Why not.
  const std::string& alert() const { return alert_; }
  long serial() const { return ASN1_INTEGER_get(X509_get0_serialNumber(SSL_get0_peer_certificate(ssl_))); }
  std::string protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_, &name, &size);
    return std::string(reinterpret_cast<const char*>(name), size);
  }
  bool was_told_of_the_end() const { return (SSL_get_shutdown(ssl_) & SSL_RECEIVED_SHUTDOWN) != 0; }

  // close_notify alone; the socket stays open both ways.
  void finish_sending() override { SSL_shutdown(ssl_); }

 protected:
  ssize_t send_some(std::string_view bytes) override {
    return SSL_write(ssl_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)));
  }
  ssize_t receive_some(char* to, std::size_t size) override { return SSL_read(ssl_, to, static_cast<int>(size)); }

 private:
  void send_hello_and_wait(std::chrono::milliseconds duration) {
    const int flags = fcntl(socket(), F_GETFL);
    fcntl(socket(), F_SETFL, flags | O_NONBLOCK);
    SSL_connect(ssl_);
    fcntl(socket(), F_SETFL, flags);
    std::this_thread::sleep_for(duration);
  }

  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool shook_hands_ = false;
  std::string alert_;
};

}  // namespace rescind

#endif  // RESCIND_WIRE_TLS_CLIENT_H_
