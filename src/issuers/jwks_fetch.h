// The text of a JWK Set: one GET with libcurl (the only file that includes it is jwks_fetch.cc), or one look into a file.
// Blocks; for a thread of its own.
#ifndef RESCIND_ISSUERS_JWKS_FETCH_H_
#define RESCIND_ISSUERS_JWKS_FETCH_H_

#include <atomic>
#include <chrono>
#include <string>

#include "rescind/result.h"

namespace rescind {

inline constexpr std::size_t kMaxJwksHeaderBytes = 64 * 1024;

// The body of a 200 answer, at most kMaxKeySetBytes. Else the reason, for the log: no connection, a certificate that is not
// good, another status, too much, too late. No redirect is followed: whoever may answer for the issuer's host may not send us
// to another. http and https only, no other scheme; https with the system's certificate authorities. Returns soon after
// `cancelled` is set.
Result<std::string, std::string> fetch_jwks(const std::string& url, std::chrono::milliseconds timeout,
                                            const std::atomic<bool>& cancelled);

// What is in the file, at most kMaxKeySetBytes. Else the reason.
Result<std::string, std::string> read_jwks_file(const std::string& path);

}  // namespace rescind

#endif  // RESCIND_ISSUERS_JWKS_FETCH_H_
