// What the answer to a mail proves besides its purpose: the same for every store.
#ifndef RESCIND_STORE_PROVED_ADDRESS_H_
#define RESCIND_STORE_PROVED_ADDRESS_H_

#include "store/store.h"

namespace rescind {

// `user` before the change, which is entitled to a new password. See NewPassword.
inline bool proves_address(const User& user, const RaiseTokenVersion& change) {
  return change.password && std::holds_alternative<ChallengeId>(change.password->entitled_by) && !user.email_verified_at;
}

inline EventDraft proved_address_event(const RaiseTokenVersion& change) {
  return {EventType::kEmailVerified, change.user, std::nullopt, change.event.address, change.end.at, "password reset"};
}

inline EventDraft removed_passkey_event(const RaiseTokenVersion& change) {
  return {EventType::kPasskeyRemoved, change.user,   std::nullopt,
          change.event.address,       change.end.at, "password reset: the address was not verified before"};
}

}  // namespace rescind

#endif  // RESCIND_STORE_PROVED_ADDRESS_H_
