// What a MemoryState knows of people and programs beside their sessions.
#include <algorithm>

#include "store/apply_user_change.h"
#include "store/memory/memory_state.h"

namespace rescind {

ImportUserOutcome MemoryState::import_user(const User& user, const EmailKey& email, EventDraft event) {
  const auto holder = users_by_email_.find(email);
  if (holder != users_by_email_.end() && holder->second == user.id) return users_.at(user.id);
  if (holder != users_by_email_.end()) return EmailTaken{};
  users_.emplace(user.id, user);
  users_by_email_.emplace(email, user.id);
  append_event(std::move(event));
  return user;
}

ChangeUserOutcome MemoryState::change_user(const UserId& id, const UserChange& change, EventDraft event) {
  const auto found = users_.find(id);
  if (found == users_.end()) return UserNotFound{};
  User& user = found->second;
  User changed = apply_user_change(user, change);
  if (changed != user) {
    user = std::move(changed);
    append_event(std::move(event));
  }
  return user;
}

std::vector<User> MemoryState::list_users(const UserId& after, std::size_t limit) const {
  std::vector<User> listed;
  for (auto user = users_.upper_bound(after); user != users_.end() && listed.size() < limit; ++user) {
    listed.push_back(user->second);
  }
  return listed;
}

DeleteUserOutcome MemoryState::delete_user(const DeleteUser& change) {
  const auto found = users_.find(change.user);
  if (found == users_.end()) return UserNotFound{};
  const std::int64_t above_all = found->second.token_version + 1;
  std::erase_if(users_by_email_, [&](const auto& entry) { return entry.second == change.user; });
  remove_passkeys(change.user);
  std::erase_if(challenge_places_, [&](const auto& entry) { return challenges_.at(entry.second).user == change.user; });
  std::erase_if(challenges_, [&](const auto& entry) { return entry.second.user == change.user; });
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.user == change.user; });
  alive_sessions_.erase(change.user);
  users_.erase(found);
  append_event(change.event);
  return merge({RevocationKind::kUser, change.revocation.key, above_all, expiry(change.revocation)}).row;
}

BeginAttemptOutcome MemoryState::begin_attempt(const std::vector<AttemptRule>& rules, WallTime now) {
  const auto find = [this](const AttemptBucket& bucket) {
    const auto found = attempts_.find(bucket);
    return found == attempts_.end() ? std::nullopt : std::optional(found->second);
  };
  std::optional<std::chrono::seconds> wait;
  for (const AttemptRule& rule : rules) {
    if (rule.waived_by && is_waived(find(*rule.waived_by), now)) continue;
    const auto here = decide_wait(find(rule.bucket).value_or(Attempts{}), now, rule.limit);
    if (here) wait = std::max(wait.value_or(*here), *here);
  }
  if (wait) return AttemptTooEarly{*wait};
  for (const AttemptRule& rule : rules) attempts_[rule.bucket] = count_attempt(attempts_[rule.bucket], now, rule.limit);
  note(now);
  return AttemptAllowed{};
}

void MemoryState::settle_attempt(const std::vector<SettledBucket>& buckets, WallTime now) {
  for (const SettledBucket& settled : buckets) {
    // A success is remembered where no attempt has counted, too.
    if (settled.settlement == Settlement::kReset) attempts_.try_emplace(settled.bucket, Attempts{0, now, std::nullopt});
    const auto found = attempts_.find(settled.bucket);
    if (found != attempts_.end()) found->second = rescind::settle_attempt(found->second, now, settled.settlement);
  }
  note(now);
}

bool MemoryState::add_challenge(const Challenge& challenge) {
  if (challenge_places_.contains(challenge.id)) return false;
  challenges_.emplace(++challenges_made_, challenge);
  challenge_places_.emplace(challenge.id, challenges_made_);
  return true;
}

void MemoryState::create_challenge(const Challenge& challenge) {
  if (!add_challenge(challenge) || !challenge.user) return;
  const auto is_like_it = [&](const auto& entry) {
    return entry.second.user == challenge.user && entry.second.purpose == challenge.purpose;
  };
  if (static_cast<std::size_t>(std::count_if(challenges_.begin(), challenges_.end(), is_like_it)) <= kMaxChallengesPerUser) {
    return;
  }
  const auto oldest = std::find_if(challenges_.begin(), challenges_.end(), is_like_it);
  challenge_places_.erase(oldest->second.id);
  challenges_.erase(oldest);
}

std::optional<Challenge> MemoryState::find_challenge(const ChallengeId& id) const {
  const auto place = challenge_places_.find(id);
  return place == challenge_places_.end() ? std::nullopt : std::optional(challenges_.at(place->second));
}

std::optional<Challenge> MemoryState::consume_challenge(const ChallengeId& id, ChallengePurpose purpose, WallTime now) {
  std::optional<Challenge> found = find_challenge(id);
  if (!found || found->purpose != purpose) return std::nullopt;
  challenges_.erase(challenge_places_.at(id));
  challenge_places_.erase(id);
  if (now >= found->expires_at) return std::nullopt;
  if (!found->user) return found;
  const std::optional<User> user = find_user(*found->user);
  return user && user->token_version == found->token_version ? found : std::nullopt;
}

bool MemoryState::use_up(const User& user, const ChallengeId& id, ChallengePurpose purpose, WallTime now) {
  const auto challenge = consume_challenge(id, purpose, now);
  return challenge && challenge->user == user.id;
}

void MemoryState::set_email(User& user, const NewEmail& fresh) {
  std::erase_if(users_by_email_, [&](const auto& entry) { return entry.second == user.id; });
  users_by_email_.emplace(fresh.key, user.id);
  user.email = fresh.email;
  user.email_verified_at = fresh.verified_at;
}

bool MemoryState::is_entitled(const User& user, const NewPassword& password, WallTime now) {
  if (user.password_hash == password.hash) return true;  // sent again, its answer was lost
  if (const auto* hash = std::get_if<std::string>(&password.entitled_by)) return *hash == user.password_hash;
  return use_up(user, std::get<ChallengeId>(password.entitled_by), ChallengePurpose::kResetPassword, now);
}

bool MemoryState::has_credential(const User& user, const Credential& credential) const {
  if (const auto* password = std::get_if<CheckedPassword>(&credential)) return password->hash == user.password_hash;
  const auto found = passkeys_.find(std::get<CheckedPasskey>(credential).id);
  return found != passkeys_.end() && found->second.user == user.id;
}

AddPasskeyOutcome MemoryState::add_passkey(const AddPasskey& change) {
  const UserPasskey& passkey = change.passkey;
  if (!users_.contains(passkey.user)) return UserNotFound{};
  const auto challenge = consume_challenge(change.answered, ChallengePurpose::kRegisterPasskey, passkey.created_at);
  if (!challenge || challenge->user != passkey.user) return ChallengeUsed{};
  if (passkeys_.contains(passkey.passkey.id)) return PasskeyTaken{};
  if (list_passkeys(passkey.user).size() >= kMaxPasskeysPerUser) return PasskeyLimitReached{};
  passkeys_.emplace(passkey.passkey.id, passkey);
  append_event(change.event);
  return passkey;
}

std::optional<PasskeyAndUser> MemoryState::find_passkey(const PasskeyId& id) const {
  const auto found = passkeys_.find(id);
  if (found == passkeys_.end()) return std::nullopt;
  return PasskeyAndUser{found->second, users_.at(found->second.user)};
}

std::vector<UserPasskey> MemoryState::list_passkeys(const UserId& user) const {
  std::vector<UserPasskey> listed;
  for (const auto& [id, passkey] : passkeys_) {
    if (passkey.user == user) listed.push_back(passkey);
  }
  std::stable_sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
  return listed;
}

UsePasskeyOutcome MemoryState::use_passkey(const UsePasskey& change) {
  const auto found = passkeys_.find(change.id);
  if (found == passkeys_.end() || found->second.passkey.sign_count != change.expected_count) return PasskeyNotUsed{};
  if (!add_challenge(change.answered)) return ChallengeUsed{};
  found->second.passkey.sign_count = change.count;
  found->second.passkey.backup_state = change.backup_state;
  found->second.last_used_at = change.now;
  note(change.now);
  return found->second;
}

UserPasskey* MemoryState::find_passkey_of(const UserId& user, const PasskeyId& id) {
  const auto found = passkeys_.find(id);
  return found == passkeys_.end() || found->second.user != user ? nullptr : &found->second;
}

bool MemoryState::rename_passkey(const UserId& user, const PasskeyId& id, const std::string& name) {
  UserPasskey* const passkey = find_passkey_of(user, id);
  if (passkey != nullptr) passkey->name = name;
  return passkey != nullptr;
}

RemovePasskeyOutcome MemoryState::remove_passkey(const UserId& user, const PasskeyId& id, LastPasskey last, EventDraft event) {
  if (find_passkey_of(user, id) == nullptr) return RemovePasskeyOutcome::kNotFound;
  const bool is_only_way_in = signs_in_by_passkey_only(users_.at(user)) && list_passkeys(user).size() == 1;
  if (is_only_way_in && last == LastPasskey::kStays) return RemovePasskeyOutcome::kNoOtherWayIn;
  passkeys_.erase(id);
  append_event(std::move(event));
  return RemovePasskeyOutcome::kRemoved;
}

std::size_t MemoryState::remove_passkeys(const UserId& user) {
  return std::erase_if(passkeys_, [&](const auto& entry) { return entry.second.user == user; });
}

CreateApiKeyOutcome MemoryState::create_api_key(const ApiKey& key, EventDraft event) {
  if (const auto found = find_api_key(key.id)) return *found;
  const auto live = std::ranges::count_if(api_keys_, [](const ApiKey& one) { return !one.revoked_at; });
  if (static_cast<std::size_t>(live) >= kMaxApiKeys) return ApiKeyLimitReached{};
  api_keys_.push_back(key);
  append_event(std::move(event));
  return key;
}

std::optional<ApiKey> MemoryState::find_api_key(const ApiKeyId& id) const {
  const auto found = std::ranges::find(api_keys_, id, &ApiKey::id);
  return found == api_keys_.end() ? std::nullopt : std::optional(*found);
}

std::vector<ApiKey> MemoryState::list_api_keys() const { return api_keys_; }

bool MemoryState::revoke_api_key(const ApiKeyId& id, WallTime now, EventDraft event) {
  const auto found = std::ranges::find(api_keys_, id, &ApiKey::id);
  if (found == api_keys_.end() || found->revoked_at) return false;
  found->revoked_at = now;
  append_event(std::move(event));
  return true;
}

std::size_t MemoryState::purge_challenges(WallTime now, std::size_t limit) {
  std::size_t gone = 0;
  for (auto entry = challenges_.begin(); entry != challenges_.end() && gone < limit;) {
    if (entry->second.expires_at > now) {
      ++entry;
      continue;
    }
    challenge_places_.erase(entry->second.id);
    entry = challenges_.erase(entry);
    ++gone;
  }
  return gone;
}

std::size_t MemoryState::purge_attempts(WallTime until, std::size_t limit) {
  std::size_t gone = 0;
  for (auto entry = attempts_.begin(); entry != attempts_.end() && gone < limit;) {
    if (entry->second.last_at > until) {
      ++entry;
      continue;
    }
    entry = attempts_.erase(entry);
    ++gone;
  }
  return gone;
}

std::size_t MemoryState::purge_api_keys(WallTime until, std::size_t limit) {
  std::size_t gone = 0;
  for (auto key = api_keys_.begin(); key != api_keys_.end() && gone < limit;) {
    if (!key->revoked_at || *key->revoked_at >= until) {
      ++key;
      continue;
    }
    key = api_keys_.erase(key);
    ++gone;
  }
  return gone;
}

}  // namespace rescind
