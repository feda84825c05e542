#include <utility>

#include "service/sessions.h"

namespace rescind {

Task<Result<User>> Sessions::block_user(UserId user, Block block, Actor actor) {
  if (block.until && *block.until <= clock_.wall_now()) {
    co_return fail(ErrorCode::kInvalidRequest, "\"until\" must be later than now");
  }
  auto blocked = co_await revocations_.block_user(std::move(user), std::move(block), std::move(actor));
  if (!blocked) co_return Unexpected(std::move(blocked).error());
  auto* raised = std::get_if<TokenVersionRaised>(&*blocked);
  if (raised == nullptr) co_return fail(ErrorCode::kNotFound, "no such user");
  co_return std::move(raised->user);
}

Task<Result<User>> Sessions::unblock_user(UserId user, Actor actor) {
  EventDraft event{EventType::kUserUnblocked, user, std::nullopt,       std::move(actor.address),
                   clock_.wall_now(),         {},   std::move(actor.by)};
  UserChange change{.block = BlockChange::kLift};
  Result<ChangeUserOutcome> changed = co_await store_.change_user(std::move(user), std::move(change), std::move(event));
  if (!changed) co_return Unexpected(std::move(changed).error());
  if (std::holds_alternative<UserNotFound>(*changed)) co_return fail(ErrorCode::kNotFound, "no such user");
  co_return std::get<User>(std::move(*changed));
}

}  // namespace rescind
