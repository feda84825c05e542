#include "service/key_rotation.h"

#include <algorithm>
#include <utility>

#include "token/key_file.h"

namespace rescind {
namespace {

Result<std::optional<KeyChange>> as_change(Result<KeyChange> decided) {
  if (!decided) return Unexpected(std::move(decided).error());
  return std::optional(std::move(*decided));
}

KeyDescription describe(const ServerKey& key, const ServerKeys& all, const KeyPolicy& policy) {
  KeyDescription description{.key_id = key.key.key_id(),
                             .algorithm = key.key.algorithm(),
                             .state = key.state,
                             .published_at = key.published_at,
                             .active_at = key.active_at,
                             .retired_at = key.retired_at,
                             .removed_at = std::nullopt};
  switch (key.state) {
    case KeyState::kNext: description.active_at = activation_time(all, policy); break;
    case KeyState::kActive: break;
    case KeyState::kRetired: description.removed_at = removal_time(key, policy); break;
  }
  return description;
}

}  // namespace

KeyRotation::KeyRotation(KeyPolicy policy, KeyPlace place, OperatorSecrets secrets, CurrentKeys& keys, TokenCheck& check,
                         Store& store, const Clock& clock, Random& random, Log& log)
    : policy_(policy),
      place_(std::move(place)),
      secrets_(std::move(secrets)),
      keys_(keys),
      check_(check),
      store_(store),
      clock_(clock),
      random_(random),
      log_(log) {}

std::vector<KeyDescription> KeyRotation::list() const {
  const std::shared_ptr<const KeyRing> ring = keys_.get();
  std::vector<KeyDescription> list;
  for (const SigningKey& key : ring->operator_keys()) {
    const bool signs = key.key_id() == ring->signing_key().key_id();
    list.push_back({.key_id = key.key_id(),
                    .algorithm = key.algorithm(),
                    .state = signs ? KeyState::kActive : KeyState::kRetired,
                    .published_at = std::nullopt,
                    .active_at = std::nullopt,
                    .retired_at = std::nullopt,
                    .removed_at = std::nullopt});
  }
  for (const ServerKey& key : ring->server_keys().signing_keys) list.push_back(describe(key, ring->server_keys(), policy_));
  return list;
}

Task<Result<void>> KeyRotation::settle() {
  Decide decide = [this](const ServerKeys& keys, WallTime now) { return settle_keys(keys, policy_, now, random_); };
  Actor nobody;
  co_return co_await change(std::move(decide), std::move(nobody));
}

Task<Result<void>> KeyRotation::rotate(RotationPace pace, Actor actor) {
  Decide decide = [this, pace](const ServerKeys& keys, WallTime now) { return rotate_keys(keys, policy_, pace, now, random_); };
  co_return co_await change(std::move(decide), std::move(actor));
}

Task<Result<void>> KeyRotation::remove(std::string key_id, Actor actor) {
  const std::shared_ptr<const KeyRing> ring = keys_.get();
  if (std::ranges::count(ring->operator_keys(), key_id, &SigningKey::key_id) > 0) {
    co_return fail(ErrorCode::kInvalidRequest, "this key is a secret of the operator's: take it out of the settings");
  }
  Decide decide = [this, id = std::move(key_id)](const ServerKeys& keys, WallTime now) {
    return as_change(remove_key(keys, policy_, id, now, random_));
  };
  co_return co_await change(std::move(decide), std::move(actor));
}

Task<Result<void>> KeyRotation::remove_all(Actor actor) {
  Decide decide = [this](const ServerKeys& keys, WallTime now) {
    return as_change(remove_all_keys(keys, policy_, now, random_));
  };
  co_return co_await change(std::move(decide), std::move(actor));
}

Task<Result<void>> KeyRotation::change(Decide decide, Actor actor) {
  boost::asio::any_io_executor thread = thread_.get_executor();
  auto work = [this, decide = std::move(decide)] { return apply(decide); };
  auto notices = co_await run_on(std::move(thread), std::move(work));
  if (!notices) co_return Unexpected(std::move(notices).error());
  for (KeyNotice& notice : *notices) co_await tell(std::move(notice), actor);
  co_return Result<void>();
}

// In thread_.
Result<std::vector<KeyNotice>> KeyRotation::apply(const Decide& decide) {
  const std::shared_ptr<const KeyRing> ring = keys_.get();
  auto decided = decide(ring->server_keys(), clock_.wall_now());
  if (!decided) return Unexpected(std::move(decided).error());
  if (!*decided) return std::vector<KeyNotice>();
  auto fresh = KeyRing::create(std::move((*decided)->keys), secrets_);
  if (!fresh) return Unexpected(std::move(fresh).error());
  auto file = KeyFile::open(place_);
  if (!file) return Unexpected(std::move(file).error());
  if (auto stored = file->store(fresh->server_keys(), random_); !stored) return Unexpected(std::move(stored).error());
  check_.replace_keys(fresh->verification_keys());
  keys_.replace(std::move(*fresh));
  return std::move((*decided)->notices);
}

// The change is durable and in force, whether or not the event can be written.
Task<void> KeyRotation::tell(KeyNotice notice, Actor actor) {
  const std::string_view type = to_string(notice.type);
  log_.info(type, {{"key", notice.detail}});
  EventDraft event{
      notice.type,        std::nullopt, std::nullopt, std::move(actor.address), clock_.wall_now(), std::move(notice.detail),
      std::move(actor.by)};
  Result<void> written = co_await store_.append_event(std::move(event));
  if (!written)
    log_.error("an event could not be written", {{"event", std::string(type)}, {"reason", written.error().message}});
}

}  // namespace rescind
