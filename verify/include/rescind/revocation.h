// A revocation: the fact "tokens that match this key are refused", until no such token can be alive.
//
// Revocations are keyed by claims, never by a token's text: one signed token may have several texts that verify.
#ifndef RESCIND_REVOCATION_H_
#define RESCIND_REVOCATION_H_

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rescind {

enum class RevocationKind : std::uint8_t {
  kToken = 1,    // iss + jti: this one token
  kSession = 2,  // iss + sid: every token of this session
  kUser = 3,     // iss + sub, value = least good token version: every token with `tv` below it
  kBefore = 4,   // iss, iss + sub or iss + client_id, value = unix seconds: every token with `iat` below it
};

// "token", "session", "user", "before".
std::string_view to_string(RevocationKind kind);
std::optional<RevocationKind> parse_revocation_kind(std::string_view name);

// The first 128 bits of SHA-256 over the kind, the scope and the length-prefixed parts (big-endian 32-bit lengths), so
// that no two lists of parts share an encoding.
struct RevocationKey {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const RevocationKey&) const = default;
};

RevocationKey token_key(std::string_view issuer, std::string_view token_id);
RevocationKey session_key(std::string_view issuer, std::string_view session_id);
RevocationKey user_key(std::string_view issuer, std::string_view subject);
RevocationKey before_issuer_key(std::string_view issuer);
RevocationKey before_subject_key(std::string_view issuer, std::string_view subject);
RevocationKey before_client_key(std::string_view issuer, std::string_view client_id);

struct Revocation {
  std::uint64_t seq = 0;  // place in the feed; starts at 1, never reused
  RevocationKind kind = RevocationKind::kToken;
  RevocationKey key;
  std::int64_t value = 0;            // see RevocationKind; 0 for kToken and kSession
  std::chrono::sys_seconds expires;  // no matching token has a later `exp`; without leeway, which is each verifier's own
  bool operator==(const Revocation&) const = default;
};

}  // namespace rescind

#endif  // RESCIND_REVOCATION_H_
