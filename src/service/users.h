// What an administrator does with accounts: find, list, change, sign out, delete, export.
#ifndef RESCIND_SERVICE_USERS_H_
#define RESCIND_SERVICE_USERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "base/error.h"
#include "domain/user.h"
#include "service/revocations.h"
#include "store/store.h"

namespace rescind {

// What is present changes.
struct ChangeOfUser {
  std::optional<std::string> name;
  std::optional<std::vector<std::string>> roles = std::nullopt;
  std::optional<std::string> email = std::nullopt;
  EmailState email_state =
      EmailState::kUnverified;  // kVerified: the address that it has, or its new one, is known to be its user's
};

// Everything that is held of one person. The store's secrets (password hash, challenges) are not part of it.
struct UserExport {
  User user;
  std::vector<Session> sessions;  // that have not ended
  std::vector<UserPasskey> passkeys;
  std::vector<Event> events;                        // the first kMaxExportedEvents
  std::optional<std::uint64_t> events_go_on_after;  // this seq, where there are more
};

inline constexpr std::size_t kMaxExportedEvents = 10'000;

// Thread-safety: any thread may call any member.
class Users {
 public:
  Users(Store& store, Revocations& revocations, const Clock& clock);

  // In the order of ids, after `after`.
  Task<Result<std::vector<User>>> list(UserId after, std::size_t limit);
  // By any spelling of the address. kInvalidRequest where `email` is no address.
  Task<Result<std::optional<User>>> find_by_email(std::string email);

  // Other roles hold from now on: every access token of the user is refused, the sessions live on, and their next refresh gives
  // tokens with the new roles. Another address likewise, and it is not verified unless that is said too. kInvalidRequest where
  // the roles are none (see token/name_lists.h), `email` is no address, or both are to change at once. kEmailTaken, kNotFound.
  Task<Result<User>> change(UserId id, ChangeOfUser wanted, Actor actor);

  // Every session and every token. kNotFound.
  Task<Result<User>> sign_out(UserId id, Actor actor);

  // Its sessions, passkeys and tokens are over; its events stay until they are old enough. kNotFound.
  Task<Result<void>> remove(UserId id, Actor actor);

  Task<Result<UserExport>> collect(UserId id);  // kNotFound

  // Oldest first. kNotFound.
  Task<Result<std::vector<UserPasskey>>> list_passkeys(UserId id);
  // Even where it is the only way in: who has lost it gets in by a reset of the password. Sessions that it has opened live on.
  // kNotFound.
  Task<Result<void>> remove_passkey(UserId id, PasskeyId passkey, Actor actor);

 private:
  Task<Result<User>> load(UserId id);
  Task<Result<User>> change_roles(UserId id, ChangeOfUser wanted, Actor actor);
  Task<Result<User>> change_email(UserId id, ChangeOfUser wanted, Actor actor);

  Store& store_;
  Revocations& revocations_;
  const Clock& clock_;
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_USERS_H_
