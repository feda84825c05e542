// The link in a mail: a challenge in the store, and the token that answers it, which is in the mail alone.
#ifndef RESCIND_SERVICE_MAIL_LINK_H_
#define RESCIND_SERVICE_MAIL_LINK_H_

#include <string>
#include <string_view>

#include "base/async.h"
#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"
#include "domain/challenge.h"
#include "domain/user.h"
#include "store/store.h"

namespace rescind {

struct MailLink {
  Challenge challenge;
  // "pr1." (reset a password), "ev1." (verify an e-mail address) or "ec1." (change it) and base64url(challenge id ‖ 256 random
  // bits ‖ the new address, for a change). The challenge's digest is over all behind its id: nobody can put in another address.
  Secret token;
};

// `purpose` is kResetPassword, kVerifyEmail or kChangeEmail, which alone has a `new_email`. Void as soon as the user's token
// version is raised, by whatever.
MailLink create_mail_link(ChallengePurpose purpose, const User& user, WallTime expires_at, Random& random,
                          std::string_view new_email = {});

// The challenge that `token` answers, still unused; the step that it entitles to has to use it up. kInvalidLink, also while the
// user is blocked.
Task<Result<Challenge>> find_mail_link(Store& store, Secret token, ChallengePurpose purpose, WallTime now);

// The same of kChangeEmail, with the address that its link was made for.
struct EmailChangeLink {
  Challenge challenge;
  std::string new_email;
};
Task<Result<EmailChangeLink>> find_email_change_link(Store& store, Secret token, WallTime now);

// In the event of a mail that was asked for: the queue was full.
inline constexpr std::string_view kNoMailWentOut = "no mail went out: too many were waiting";

Unexpected<Error> refuse_mail_link();

}  // namespace rescind

#endif  // RESCIND_SERVICE_MAIL_LINK_H_
