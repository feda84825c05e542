#include "rescind/token_keys.h"

namespace rescind {

template <class Compute>
const RevocationKey& TokenKeys::find_or_compute(Slot slot, Compute compute) {
  if (keys_[slot] == RevocationKey{}) keys_[slot] = compute();
  return keys_[slot];
}

const RevocationKey& TokenKeys::token(const Claims& claims) {
  return find_or_compute(kToken, [&] { return token_key(claims.issuer, claims.token_id); });
}

const RevocationKey& TokenKeys::session(const Claims& claims) {
  return find_or_compute(kSession, [&] { return session_key(claims.issuer, claims.session_id); });
}

const RevocationKey& TokenKeys::user(const Claims& claims) {
  return find_or_compute(kUser, [&] { return user_key(claims.issuer, claims.subject); });
}

const RevocationKey& TokenKeys::before_issuer(const Claims& claims) {
  return find_or_compute(kBeforeIssuer, [&] { return before_issuer_key(claims.issuer); });
}

const RevocationKey& TokenKeys::before_subject(const Claims& claims) {
  return find_or_compute(kBeforeSubject, [&] { return before_subject_key(claims.issuer, claims.subject); });
}

const RevocationKey& TokenKeys::before_client(const Claims& claims) {
  return find_or_compute(kBeforeClient, [&] { return before_client_key(claims.issuer, claims.client_id); });
}

}  // namespace rescind
