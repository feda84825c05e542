#include "service/user_import.h"

#include <array>
#include <utility>

#include "domain/bcrypt_hash.h"
#include "domain/password_hash.h"
#include "rescind/base64url.h"
#include "token/name_lists.h"

namespace rescind {
namespace {

bool is_hash(const std::string& text) { return text.empty() || parse_password_hash(text) || is_bcrypt_hash(text); }

}  // namespace

Task<Result<User>> UserImport::import(ImportedUser imported, Actor actor) {
  std::optional<EmailKey> email = parse_email(imported.email);
  if (!email) co_return fail(ErrorCode::kInvalidRequest, "\"email\" is not an e-mail address");
  if (!is_hash(imported.password_hash)) {
    co_return fail(
        ErrorCode::kInvalidRequest,
        "\"password_hash\" is neither argon2id ($argon2id$v=19$…) nor bcrypt ($2a$, $2b$, $2y$), or it costs too much");
  }
  if (!are_roles(imported.roles)) co_return fail(ErrorCode::kInvalidRequest, std::string(kRolesRule));
  std::array<std::uint8_t, 16> id{};
  random_.fill(id);
  const WallTime now = clock_.wall_now();
  User user{.id = UserId{base64url_encode(id)},
            .email = std::move(imported.email),
            .name = std::move(imported.name),
            .password_hash = std::move(imported.password_hash),
            .token_version = 1,
            .roles = std::move(imported.roles),
            .created_at = now};
  if (imported.email_state == EmailState::kVerified) user.email_verified_at = now;
  EventDraft event{EventType::kUserImported, user.id, std::nullopt, std::move(actor.address), now, {}, std::move(actor.by)};
  Result<ImportUserOutcome> outcome = co_await store_.import_user(std::move(user), std::move(*email), std::move(event));
  if (!outcome) co_return Unexpected(std::move(outcome).error());
  if (std::holds_alternative<EmailTaken>(*outcome)) {
    co_return fail(ErrorCode::kEmailTaken, "this e-mail address has an account");
  }
  co_return std::get<User>(std::move(*outcome));
}

}  // namespace rescind
