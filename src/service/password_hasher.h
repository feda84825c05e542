// Passwords are hashed with argon2id, and checked against argon2id or an imported bcrypt hash: in a bounded pool, so that a
// flood of log-ins never slows /verify.
#ifndef RESCIND_SERVICE_PASSWORD_HASHER_H_
#define RESCIND_SERVICE_PASSWORD_HASHER_H_

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "base/async.h"
#include "base/error.h"
#include "base/random.h"
#include "base/secret.h"

namespace rescind {

struct PasswordPolicy {
  std::size_t min_bytes = 8;
  std::size_t max_bytes = 1024;      // before hashing: a long password is a cheap attack
  std::uint32_t memory_kib = 19456;  // OWASP's argon2id figures
  std::uint32_t iterations = 2;
  std::uint32_t parallelism = 1;
  std::size_t max_queued = 256;  // more waiting ones are refused with kOverloaded
};

// Thread-safety: any thread may call any member.
class PasswordHasher {
 public:
  // `pool` runs the hashing; its number of threads bounds memory at threads × memory_kib.
  PasswordHasher(PasswordPolicy policy, boost::asio::any_io_executor pool, Random& random);

  // kInvalidRequest where a new password must not have this length. Costs nothing: before anything else is done with it.
  Result<void> check_length(const Secret& password) const;

  // A PHC string. kInvalidRequest where the length is out of bounds, kOverloaded where the queue is full.
  Task<Result<std::string>> hash(Secret password);

  // For a password that has just proved to be right: what its stored form is to be replaced with, absent where that is argon2id
  // of today's cost. The length is not asked again: an imported password may be shorter than a new one may.
  Task<Result<std::optional<std::string>>> upgrade(Secret password, std::string stored);

  // `phc`: argon2id or bcrypt (72 bytes of the password count). With an empty `phc` it does the work of a wrong password and
  // answers false, so that unknown users take the same time.
  Task<Result<bool>> check(Secret password, std::string phc);

  // Calls of the three above that wait for a thread or have one.
  std::size_t waiting() const { return queued_.load(std::memory_order_relaxed); }

 private:
  class Place;
  Task<Result<std::string>> make(Secret password);
  const PasswordPolicy policy_;
  const boost::asio::any_io_executor pool_;
  Random& random_;
  std::string decoy_;  // a hash of nothing anybody knows
  std::atomic<std::size_t> queued_{0};
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_PASSWORD_HASHER_H_
