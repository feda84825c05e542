// The revocation keys of one token, each computed when it is first asked for and then kept: a token that is checked again
// pays for no SHA-256.
//
// Always to be asked with the claims of one and the same token.
//
// Thread-safety: one thread at a time.
#ifndef RESCIND_TOKEN_KEYS_H_
#define RESCIND_TOKEN_KEYS_H_

#include <array>
#include <cstdint>

#include "rescind/revocation.h"
#include "rescind/token.h"

namespace rescind {

class TokenKeys {
 public:
  const RevocationKey& token(const Claims& claims);
  const RevocationKey& session(const Claims& claims);  // Precondition: there is a session.
  const RevocationKey& user(const Claims& claims);
  const RevocationKey& before_issuer(const Claims& claims);
  const RevocationKey& before_subject(const Claims& claims);
  const RevocationKey& before_client(const Claims& claims);  // Precondition: there is a client.

 private:
  enum Slot : std::uint8_t { kToken, kSession, kUser, kBeforeIssuer, kBeforeSubject, kBeforeClient, kSlots };

  template <class Compute>
  const RevocationKey& find_or_compute(Slot slot, Compute compute);

  std::uint8_t known_ = 0;  // a bit for each slot
  alignas(8) std::array<RevocationKey, kSlots> keys_;
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_KEYS_H_
