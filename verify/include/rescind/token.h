// What is known of a token, in two steps that the type system keeps apart.
//
// AuthenticToken: signature, type, issuer and audience are right; it may be expired or revoked.
// VerifiedToken: all of that, and good now. Only accept() and verify() of rescind/verifier.h make one, so a function that
// takes a VerifiedToken cannot be handed anything else.
#ifndef RESCIND_TOKEN_H_
#define RESCIND_TOKEN_H_

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace rescind {

// The claims that Rescind reads (RFC 7519 section 4.1, RFC 9068 section 2.2), typed. Any other claim is in `json`.
//
// Texts and lists are the token's: they live as long as one of its copies does, and whoever needs them for longer copies them.
// Claims themselves are not copied, for a copy would not keep its texts. Behind each text stands a NUL byte that is not of it,
// for those who pass it on to C.
struct Claims {
  Claims() = default;
  Claims(Claims&&) = default;
  Claims& operator=(Claims&&) = default;

  std::chrono::sys_seconds issued_at;
  std::chrono::sys_seconds expires_at;
  std::optional<std::chrono::sys_seconds> not_before;
  std::optional<std::int64_t> token_version;  // tv
  std::string_view session_id;                // sid; empty where the token belongs to no session
  std::string_view client_id;                 // empty where absent
  std::string_view issuer;
  std::string_view subject;
  std::span<const std::string_view> audience;
  std::string_view token_id;  // jti
  std::optional<std::chrono::sys_seconds> auth_time;
  std::span<const std::string_view> amr;
  std::span<const std::string_view> roles;
  std::string_view scope;  // space-separated (RFC 6749 section 3.3)
  std::string_view json;   // the whole payload, as it was signed
};

// Cheap to copy: copies share their immutable claims. Not to be asked anything once moved from.
class AuthenticToken {
 public:
  const Claims& claims() const { return *claims_; }
  // Of the claims, and beside their address: who keeps a token need not wait for theirs to know when it is good.
  std::chrono::sys_seconds expires_at() const { return expires_at_; }
  std::chrono::sys_seconds good_from() const { return good_from_; }  // the later of `iat` and `nbf`

 private:
  friend class TokenFactory;  // verify/token_factory.h
  AuthenticToken() = default;
  explicit AuthenticToken(std::shared_ptr<const Claims> claims)
      : claims_(std::move(claims)),
        expires_at_(claims_->expires_at),
        good_from_(std::max(claims_->issued_at, claims_->not_before.value_or(claims_->issued_at))) {}

  std::shared_ptr<const Claims> claims_;
  std::chrono::sys_seconds expires_at_;
  std::chrono::sys_seconds good_from_;
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
