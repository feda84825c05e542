#include "service/password_hasher.h"

#include <argon2.h>
#include <crypt.h>
#include <openssl/crypto.h>

#include <array>
#include <cassert>
#include <memory>
#include <utility>

#include "domain/bcrypt_hash.h"
#include "domain/password_hash.h"

namespace rescind {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kTagBytes = 32;

Unexpected<Error> refuse_overload() {
  return Unexpected(Error{ErrorCode::kOverloaded, "too many passwords are being checked", std::chrono::seconds(1)});
}

// The tag of `password` with the salt and cost of `hash`, in place.
Result<void> compute_tag(const Secret& password, PasswordHash& hash) {
  const int outcome =
      argon2id_hash_raw(hash.cost.iterations, hash.cost.memory_kib, hash.cost.parallelism, password.reveal().data(),
                        password.size(), hash.salt.data(), hash.salt.size(), hash.tag.data(), hash.tag.size());
  if (outcome == ARGON2_MEMORY_ALLOCATION_ERROR) return refuse_overload();
  if (outcome != ARGON2_OK) return fail(ErrorCode::kInternal, "argon2id failed");
  return {};
}

Result<std::string> make_phc(const Secret& password, PasswordHash hash) {
  if (auto computed = compute_tag(password, hash); !computed) return Unexpected(std::move(computed).error());
  return format_password_hash(hash);
}

Result<bool> matches(const Secret& password, const PasswordHash& stored) {
  PasswordHash presented = stored;
  if (auto computed = compute_tag(password, presented); !computed) return Unexpected(std::move(computed).error());
  return equal_in_constant_time(presented.tag, stored.tag);
}

// libxcrypt's bcrypt, which looks at 72 bytes as every other one. Precondition: is_bcrypt_hash(stored).
Result<bool> matches_bcrypt(const Secret& password, const std::string& stored) {
  const std::string text(password.reveal());
  if (text.find('\0') != std::string::npos) return false;  // crypt() would stop there
  const auto scratch = std::make_unique<crypt_data>();
  const char* const computed = crypt_r(text.c_str(), stored.c_str(), scratch.get());
  if (computed == nullptr || computed[0] == '*') return fail(ErrorCode::kInternal, "bcrypt failed");
  const bool is_same = equal_in_constant_time(std::string_view(computed), std::string_view(stored));
  OPENSSL_cleanse(scratch.get(), sizeof *scratch);
  return is_same;
}

}  // namespace

// A place in the queue, held from the call until the pool is done with it.
class PasswordHasher::Place {
 public:
  // Not held where the queue is full.
  explicit Place(PasswordHasher& hasher) {
    if (hasher.queued_.fetch_add(1, std::memory_order_relaxed) < hasher.policy_.max_queued) {
      queued_ = &hasher.queued_;
    } else {
      hasher.queued_.fetch_sub(1, std::memory_order_relaxed);
    }
  }
  Place(Place&& other) noexcept : queued_(std::exchange(other.queued_, nullptr)) {}
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (queued_ != nullptr) queued_->fetch_sub(1, std::memory_order_relaxed);
  }
  bool is_held() const { return queued_ != nullptr; }

 private:
  std::atomic<std::size_t>* queued_ = nullptr;
};

PasswordHasher::PasswordHasher(PasswordPolicy policy, boost::asio::any_io_executor pool, Random& random)
    : policy_(policy), pool_(std::move(pool)), random_(random) {
  PasswordHash decoy{{policy_.memory_kib, policy_.iterations, policy_.parallelism},
                     std::vector<std::uint8_t>(kSaltBytes),
                     std::vector<std::uint8_t>(kTagBytes)};
  assert(is_sane(decoy.cost));
  random_.fill(decoy.salt);
  random_.fill(decoy.tag);
  decoy_ = format_password_hash(decoy);
}

Result<void> PasswordHasher::check_length(const Secret& password) const {
  if (password.size() >= policy_.min_bytes && password.size() <= policy_.max_bytes) return {};
  return fail(ErrorCode::kInvalidRequest, "the password must have " + std::to_string(policy_.min_bytes) + " to " +
                                              std::to_string(policy_.max_bytes) + " bytes");
}

Task<Result<std::string>> PasswordHasher::hash(Secret password) {
  Result<void> length = check_length(password);
  if (!length) co_return Unexpected(std::move(length).error());
  co_return co_await make(std::move(password));
}

Task<Result<std::optional<std::string>>> PasswordHasher::upgrade(Secret password, std::string stored) {
  using Upgrade = std::optional<std::string>;
  const auto current = parse_password_hash(stored);
  const Argon2Cost wanted{policy_.memory_kib, policy_.iterations, policy_.parallelism};
  if (current && current->cost == wanted) co_return Upgrade();
  // What bcrypt never looked at nobody has proved, and argon2id would ask for it from now on.
  if (is_bcrypt_hash(stored) && password.size() > kMaxBcryptPasswordBytes) co_return Upgrade();
  Result<std::string> made = co_await make(std::move(password));
  if (!made) co_return Unexpected(std::move(made).error());
  co_return Upgrade(std::move(*made));
}

Task<Result<std::string>> PasswordHasher::make(Secret password) {
  Place place(*this);
  if (!place.is_held()) co_return refuse_overload();
  PasswordHash fresh{{policy_.memory_kib, policy_.iterations, policy_.parallelism},
                     std::vector<std::uint8_t>(kSaltBytes),
                     std::vector<std::uint8_t>(kTagBytes)};
  random_.fill(fresh.salt);
  auto work = [place = std::move(place), password = std::move(password), fresh = std::move(fresh)]() mutable {
    const Place held = std::move(place);
    return make_phc(password, std::move(fresh));
  };
  boost::asio::any_io_executor pool = pool_;
  auto phc = co_await run_on(std::move(pool), std::move(work));
  co_return phc;
}

Task<Result<bool>> PasswordHasher::check(Secret password, std::string phc) {
  // Too long to be anybody's: the decoy's work is done with a short text instead, so that length is all that time tells.
  const bool can_match = !phc.empty() && password.size() <= policy_.max_bytes;
  if (password.size() > policy_.max_bytes) password = Secret("too long");
  const bool is_bcrypt = can_match && is_bcrypt_hash(phc);
  const auto stored = parse_password_hash(can_match && !is_bcrypt ? phc : decoy_);
  if (!stored) co_return fail(ErrorCode::kInternal, "a stored password hash is not of the form that this server writes");
  Place place(*this);
  if (!place.is_held()) co_return refuse_overload();
  auto work = [place = std::move(place), password = std::move(password), stored = *stored,
               bcrypt = is_bcrypt ? std::move(phc) : std::string()]() mutable {
    const Place held = std::move(place);
    return bcrypt.empty() ? matches(password, stored) : matches_bcrypt(password, bcrypt);
  };
  boost::asio::any_io_executor pool = pool_;
  auto matched = co_await run_on(std::move(pool), std::move(work));
  if (matched && !can_match) matched = false;
  co_return matched;
}

}  // namespace rescind
