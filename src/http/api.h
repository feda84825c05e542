// The HTTP interface: every route of docs/openapi.json, on top of the services.
#ifndef RESCIND_HTTP_API_H_
#define RESCIND_HTTP_API_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "http/cookies.h"
#include "http/handler.h"
#include "issuers/trusted_issuers.h"
#include "service/account_deletion.h"
#include "service/api_keys.h"
#include "service/email_change.h"
#include "service/email_verification.h"
#include "service/key_rotation.h"
#include "service/passkeys.h"
#include "service/passwords.h"
#include "service/revocations.h"
#include "service/sessions.h"
#include "service/token_check.h"
#include "service/trusted_token_check.h"
#include "service/user_import.h"
#include "service/users.h"
#include "store/store.h"
#include "token/current_keys.h"

namespace rescind {

// A client that may call /oauth2/* with HTTP Basic (RFC 6749 section 2.3.1).
struct OAuthClient {
  std::string id;
  Secret secret;
};

struct ApiConfig {
  std::string issuer;
  std::string public_url;                    // scheme://host[:port], without a path; its origin may use cookies
  std::vector<std::string> allowed_origins;  // further ones
  std::vector<std::string> trusted_proxies;  // CIDR; X-Forwarded-For counts from these peers only
  bool secure_cookies = true;                // the __Host- and __Secure- names; false on plain-HTTP localhost only
  SameSite same_site = SameSite::kStrict;
  std::vector<OAuthClient> clients;
  std::chrono::seconds leeway{5};          // of every verifier
  std::chrono::seconds keys_max_age{300};  // how long anybody may keep the published keys
};

// What the routes stand on.
struct ApiParts {
  Sessions& sessions;
  Passwords& passwords;
  EmailVerification& verification;
  EmailChange& email_change;
  AccountDeletion& deletion;
  UserImport& user_import;
  Passkeys* passkeys;  // null where there can be none
  Revocations& revocations;
  ApiKeys& api_keys;
  Users& users;
  const TokenCheck& token_check;           // our own tokens only: who is signed in here
  const TrustedTokenCheck& trusted_check;  // those of trusted issuers too
  const TrustedIssuers& issuers;
  Store& store;  // events only
  const CurrentKeys& keys;
  KeyRotation& key_rotation;
  const Clock& clock;
  Metrics& metrics;
  Log& log;
};

// Thread-safety: any thread may call any member.
class Api final : public Handler {
 public:
  // Fails where a CIDR or an origin of `config` is not one.
  static Result<std::unique_ptr<Api>> create(ApiConfig config, ApiParts parts);
  ~Api() override;

  bool try_answer(const Request& request, Response& response) override;
  Task<Response> answer(const Request& request) override;

  struct State;  // http/api_state.h

 private:
  explicit Api(std::unique_ptr<State> state);
  Response failure_response(const Request& request, const Error& error) const;
  std::unique_ptr<State> state_;
};

}  // namespace rescind

#endif  // RESCIND_HTTP_API_H_
