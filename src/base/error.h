// The closed set of reasons why a use case fails, and Result<T> = Result<T, Error>.
//
// Every code has a stable name that clients program against; http/responses.cc maps each to a status in one table.
#ifndef RESCIND_BASE_ERROR_H_
#define RESCIND_BASE_ERROR_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rescind/result.h"

namespace rescind {

enum class ErrorCode : std::uint8_t {
  kInvalidRequest,            // the request is not of the route's form
  kUnsupportedMedia,          // the body is not application/json
  kPayloadTooLarge,           //
  kNotFound,                  //
  kMethodNotAllowed,          //
  kMissingToken,              // no credential where one is needed
  kInvalidToken,              // a credential that is not ours, or not of this kind
  kTokenExpired,              //
  kTokenRevoked,              //
  kInvalidCredentials,        // wrong e-mail or password
  kInvalidLink,               // the token of a mail: not ours, used, or too old
  kEmailTaken,                //
  kSessionExpired,            //
  kSessionRevoked,            //
  kRefreshReused,             // an old refresh token: two parties hold it
  kUserBlocked,               //
  kEmailNotVerified,          // nobody has shown yet that the address is the user's
  kSessionLimit,              // as many sessions as the user may have
  kTooManyAttempts,           // with retry_after
  kInsufficientScope,         // of a token (?scope=) or of an API key
  kInsufficientRole,          // ?role= is not met
  kReauthenticationRequired,  // signed in too long ago for this (RFC 9470)
  kInvalidChallenge,          // of a passkey ceremony: not ours, expired, or used
  kPasskeyTaken,              // registered already, by whomever
  kPasskeyLimit,              // as many passkeys as the user may have
  kLastCredential,            // the only way in
  kCsrfRejected,              //
  kOverloaded,                // a bounded queue is full
  kMailUnavailable,           // this server sends no mail
  kStoreUnavailable,          //
  kVerifierStale,             // the lease has run out
  kInternal,                  //
};

inline constexpr ErrorCode kLastErrorCode = ErrorCode::kInternal;

// The stable name: "invalid_request", "token_revoked", …
std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // for people; never holds a token, a password or a key
  std::optional<std::chrono::seconds> retry_after;
  std::optional<std::chrono::seconds> max_age = std::nullopt;  // with kReauthenticationRequired
};

// Lets `Result<T>` stand for `Result<T, Error>` in everything above verify/.
template <class T, class E = Error>
class Result;

inline Unexpected<Error> fail(ErrorCode code, std::string message) {
  return Unexpected(Error{code, std::move(message), std::nullopt});
}

}  // namespace rescind

#endif  // RESCIND_BASE_ERROR_H_
