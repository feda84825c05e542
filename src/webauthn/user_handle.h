// The user handle (W3C WebAuthn Level 3 section 4): how an authenticator remembers whose passkey it holds.
#ifndef RESCIND_WEBAUTHN_USER_HANDLE_H_
#define RESCIND_WEBAUTHN_USER_HANDLE_H_

#include "base/ids.h"
#include "verify/sha256.h"

namespace rescind {

// SHA-256 of the user's id, and not the id itself: an id of "bring your own login" may be longer than the 64 bytes that a
// handle may have, and may name a person, which a handle must not (section 14.6.1). The user is found by the passkey's id; the
// handle is only compared.
inline Sha256Digest user_handle_of(const UserId& user) { return sha256({"rescind-passkey-user-v1", user.text}); }

}  // namespace rescind

#endif  // RESCIND_WEBAUTHN_USER_HANDLE_H_
