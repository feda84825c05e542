// A user: somebody who can have sessions.
#ifndef RESCIND_DOMAIN_USER_H_
#define RESCIND_DOMAIN_USER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace rescind {

struct User {
  UserId id;
  std::string email;          // as the user wrote it; empty for a user of "bring your own login"
  std::string name;           // may be empty
  std::string password_hash;  // PHC string of argon2id; empty where no password can sign in
  std::int64_t token_version = 1;
  std::vector<std::string> roles;
  WallTime created_at;
};

}  // namespace rescind

#endif  // RESCIND_DOMAIN_USER_H_
