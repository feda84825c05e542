// What is known of a token, in two steps that the type system keeps apart.
//
// AuthenticToken: signature, type, issuer and audience are right; it may be expired or revoked.
// VerifiedToken: all of that, and good now. Only accept() and verify() of rescind/verifier.h make one, so a function that
// takes a VerifiedToken cannot be handed anything else.
#ifndef RESCIND_TOKEN_H_
#define RESCIND_TOKEN_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rescind {

// The claims that Rescind reads (RFC 7519 section 4.1, RFC 9068 section 2.2), typed. Any other claim is in `json`. First what
// every check of a known token reads, side by side.
struct Claims {
  std::chrono::sys_seconds issued_at;
  std::chrono::sys_seconds expires_at;
  std::optional<std::chrono::sys_seconds> not_before;
  std::optional<std::int64_t> token_version;  // tv
  std::string session_id;                     // sid; empty where the token belongs to no session
  std::string client_id;                      // empty where absent
  std::string issuer;
  std::string subject;
  std::vector<std::string> audience;
  std::string token_id;  // jti
  std::optional<std::chrono::sys_seconds> auth_time;
  std::vector<std::string> amr;
  std::vector<std::string> roles;
  std::string scope;  // space-separated (RFC 6749 section 3.3)
  std::string json;   // the whole payload, as it was signed
};

// Cheap to copy: copies share their immutable claims. Not to be asked anything once moved from.
class AuthenticToken {
 public:
  const Claims& claims() const { return *claims_; }

 private:
  friend class TokenFactory;  // verify/token_factory.h
  explicit AuthenticToken(std::shared_ptr<const Claims> claims) : claims_(std::move(claims)) {}
  std::shared_ptr<const Claims> claims_;
};

// As cheap to copy.
class VerifiedToken {
 public:
  const Claims& claims() const { return *claims_; }

 private:
  friend class TokenFactory;  // verify/token_factory.h
  explicit VerifiedToken(std::shared_ptr<const Claims> claims) : claims_(std::move(claims)) {}
  std::shared_ptr<const Claims> claims_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_H_
