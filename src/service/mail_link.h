// The link in a mail: a challenge in the store, and the token that answers it, which is in the mail alone.
#ifndef RESCIND_SERVICE_MAIL_LINK_H_
#define RESCIND_SERVICE_MAIL_LINK_H_

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
  Secret token;  // "pr1." (reset a password) or "ev1." (verify an e-mail address) and base64url(challenge id ‖ 256 random bits)
};

// `purpose` is kResetPassword or kVerifyEmail. Void as soon as the user's token version is raised, by whatever.
MailLink create_mail_link(ChallengePurpose purpose, const User& user, WallTime expires_at, Random& random);

// The challenge that `token` answers, still unused; the step that it entitles to has to use it up. kInvalidLink.
Task<Result<Challenge>> find_mail_link(Store& store, Secret token, ChallengePurpose purpose, WallTime now);

Unexpected<Error> refuse_mail_link();

}  // namespace rescind

#endif  // RESCIND_SERVICE_MAIL_LINK_H_
