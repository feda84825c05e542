#include "rescind/revocation.h"

#include <algorithm>

#include "verify/sha256.h"

namespace rescind {
namespace {

enum class Scope : std::uint8_t { kIssuer = 0, kSubject = 1, kClient = 2 };

// Parts are length-prefixed: ("ab", "c") and ("a", "bc") are different keys, and a NUL is a byte like any other.
struct Length {
  explicit Length(std::string_view part) {
    const auto size = static_cast<std::uint32_t>(part.size());
    bytes = {static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(size >> 16), static_cast<std::uint8_t>(size >> 8),
             static_cast<std::uint8_t>(size)};
  }
  std::string_view text() const { return as_text(bytes); }
  std::array<std::uint8_t, 4> bytes{};
};

RevocationKey prefix_of(const Sha256Digest& digest) {
  RevocationKey key;
  std::copy_n(digest.begin(), key.bytes.size(), key.bytes.begin());
  return key;
}

RevocationKey key_of(RevocationKind kind, Scope scope, std::string_view part) {
  const std::array<std::uint8_t, 2> head{static_cast<std::uint8_t>(kind), static_cast<std::uint8_t>(scope)};
  return prefix_of(sha256({as_text(head), Length(part).text(), part}));
}

RevocationKey key_of(RevocationKind kind, Scope scope, std::string_view part, std::string_view other) {
  const std::array<std::uint8_t, 2> head{static_cast<std::uint8_t>(kind), static_cast<std::uint8_t>(scope)};
  return prefix_of(sha256({as_text(head), Length(part).text(), part, Length(other).text(), other}));
}

}  // namespace

std::string_view to_string(RevocationKind kind) {
  switch (kind) {
    case RevocationKind::kToken: return "token";
    case RevocationKind::kSession: return "session";
    case RevocationKind::kUser: return "user";
    case RevocationKind::kBefore: return "before";
  }
  return "";
}

std::optional<RevocationKind> parse_revocation_kind(std::string_view name) {
  for (const RevocationKind kind :
       {RevocationKind::kToken, RevocationKind::kSession, RevocationKind::kUser, RevocationKind::kBefore}) {
    if (name == to_string(kind)) return kind;
  }
  return std::nullopt;
}

RevocationKey token_key(std::string_view issuer, std::string_view token_id) {
  return key_of(RevocationKind::kToken, Scope::kIssuer, issuer, token_id);
}

RevocationKey session_key(std::string_view issuer, std::string_view session_id) {
  return key_of(RevocationKind::kSession, Scope::kIssuer, issuer, session_id);
}

RevocationKey user_key(std::string_view issuer, std::string_view subject) {
  return key_of(RevocationKind::kUser, Scope::kSubject, issuer, subject);
}

RevocationKey before_issuer_key(std::string_view issuer) { return key_of(RevocationKind::kBefore, Scope::kIssuer, issuer); }

RevocationKey before_subject_key(std::string_view issuer, std::string_view subject) {
  return key_of(RevocationKind::kBefore, Scope::kSubject, issuer, subject);
}

RevocationKey before_client_key(std::string_view issuer, std::string_view client_id) {
  return key_of(RevocationKind::kBefore, Scope::kClient, issuer, client_id);
}

}  // namespace rescind
