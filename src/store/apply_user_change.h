// What becomes of a user that is changed: the same rule in every store.
#ifndef RESCIND_STORE_APPLY_USER_CHANGE_H_
#define RESCIND_STORE_APPLY_USER_CHANGE_H_

#include "store/store.h"

namespace rescind {

inline User apply_user_change(User user, const UserChange& change) {
  if (change.name) user.name = *change.name;
  if (change.roles) user.roles = *change.roles;
  if (change.email_verified_at && !user.email_verified_at) user.email_verified_at = change.email_verified_at;
  if (change.password && user.password_hash == change.password->from) user.password_hash = change.password->to;
  if (change.block == BlockChange::kLift) user.block.reset();
  return user;
}

}  // namespace rescind

#endif  // RESCIND_STORE_APPLY_USER_CHANGE_H_
