// Whether it is really the user who asks, and not somebody with a stolen token: for what must not be done with one alone.
#ifndef RESCIND_SERVICE_REAUTHENTICATION_H_
#define RESCIND_SERVICE_REAUTHENTICATION_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "service/passwords.h"
#include "store/store.h"

namespace rescind {

// Who asks.
struct PresentUser {
  UserId user;
  WallTime authenticated_at;       // of the caller's session
  std::optional<Secret> password;  // where the log-in was too long ago
  std::string address;
};

// Thread-safety: any thread may call any member.
class Reauthentication {
 public:
  Reauthentication(Store& store, Passwords& passwords, const Clock& clock)
      : store_(store), passwords_(passwords), clock_(clock) {}

  // `max_age`: how long ago the log-in may be. Where there is a password, it alone counts, and a wrong one is a log-in attempt:
  // kInvalidCredentials, kTooManyAttempts, kNotFound. Else kReauthenticationRequired. `for_what` stands in the event of a wrong
  // password, and must outlive the call.
  Task<Result<void>> check(PresentUser by, std::chrono::seconds max_age, std::string_view for_what);

 private:
  Store& store_;
  Passwords& passwords_;
  const Clock& clock_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_REAUTHENTICATION_H_
