// Users that come from another system, with the passwords that they have there.
#ifndef RESCIND_SERVICE_USER_IMPORT_H_
#define RESCIND_SERVICE_USER_IMPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "service/revocations.h"
#include "store/store.h"

namespace rescind {

struct ImportedUser {
  std::string email;
  std::string name;
  std::string password_hash;  // argon2id (PHC string) or bcrypt; empty where no password is to sign in
  std::vector<std::string> roles;
  EmailState email_state = EmailState::kUnverified;
};

// Thread-safety: any thread may call any member.
class UserImport {
 public:
  UserImport(Store& store, const Clock& clock, Random& random) : store_(store), clock_(clock), random_(random) {}

  // kEmailTaken. kInvalidRequest, for a hash too that is of another form than these, or that costs more than one log-in may.
  Task<Result<User>> import(ImportedUser imported, Actor actor);

 private:
  Store& store_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_USER_IMPORT_H_
