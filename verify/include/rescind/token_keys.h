// What the look-ups of one token need not do again: its revocation keys, each computed when it is first asked for, and where
// nothing was found last. A token that is checked again pays for no SHA-256, and reads the lines of the index only where
// something has been added beside them.
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

// A look-up that matched nothing. It would match nothing again in the same index, while the same kinds have entries there and
// none of the sub-tables has taken one up: then the words of the directory, which only grow, have the same sum.
struct VainLookUp {
  std::uint64_t stamp = 0;                    // the epoch of the index and the sum of the words
  std::array<std::uint16_t, 6> sub_tables{};  // places in the directory
  std::uint8_t searches = 0;                  // how many of those
  std::uint8_t kinds = 0;                     // with entries: bit 0 is the first
};

class TokenKeys {
 public:
  VainLookUp last;  // of RevocationView alone

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

  std::array<RevocationKey, kSlots> keys_{};  // zero: not computed
};

}  // namespace rescind

#endif  // RESCIND_TOKEN_KEYS_H_
