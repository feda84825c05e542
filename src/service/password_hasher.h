// argon2id in a bounded pool, so that a flood of log-ins never slows /verify.
#ifndef RESCIND_SERVICE_PASSWORD_HASHER_H_
#define RESCIND_SERVICE_PASSWORD_HASHER_H_

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
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

  // A PHC string. kInvalidRequest where the length is out of bounds, kOverloaded where the queue is full.
  Task<Result<std::string>> hash(Secret password);

  // With an empty `phc` it does the work of a wrong password and answers false, so that unknown users take the same time.
  Task<Result<bool>> check(Secret password, std::string phc);

 private:
  class Place;
  const PasswordPolicy policy_;
  const boost::asio::any_io_executor pool_;
  Random& random_;
  std::string decoy_;  // a hash of nothing anybody knows
  std::atomic<std::size_t> queued_{0};
};

}  // namespace rescind

#endif  // RESCIND_SERVICE_PASSWORD_HASHER_H_
