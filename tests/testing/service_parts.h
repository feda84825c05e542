// The service on a store of the test's, with a clock that stands until it is told to go on.
#ifndef RESCIND_TESTS_TESTING_SERVICE_PARTS_H_
#define RESCIND_TESTS_TESTING_SERVICE_PARTS_H_

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "mail/account_mails.h"
#include "service/email_verification.h"
#include "service/password_hasher.h"
#include "service/passwords.h"
#include "service/revocations.h"
#include "service/session_opener.h"
#include "service/sessions.h"
#include "service/token_check.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/testing/failing_store.h"
#include "tests/testing/run_task.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class StandingClock final : public Clock {
 public:
  WallTime wall_now() const override { return WallTime(WallTime::duration(wall_.load())); }
  SteadyTime steady_now() const override { return SteadyTime(std::chrono::milliseconds(steady_.load())); }
  void advance(std::chrono::milliseconds time) {
    step_wall(time);
    steady_ += time.count();
  }
  void step_wall(std::chrono::milliseconds by) { wall_ += by.count(); }

 private:
  std::atomic<std::int64_t> wall_{1'700'000'000'000};
  std::atomic<std::int64_t> steady_{1'000'000};
};

inline constexpr const char* kTestIssuer = "https://id.example";
inline constexpr const char* kTestAudience = "https://api.example";

// What would have been sent, oldest first.
class Outbox final : public Mailer {
 public:
  Queued send(Mail mail) override {
    const std::scoped_lock lock(mutex_);
    if (is_full_) return Queued::kQueueIsFull;
    mails_.push_back(std::move(mail));
    return Queued::kYes;
  }
  // From now on nothing fits in.
  void fill() {
    const std::scoped_lock lock(mutex_);
    is_full_ = true;
  }
  std::size_t count() const {
    const std::scoped_lock lock(mutex_);
    return mails_.size();
  }
  Mail last() const {
    const std::scoped_lock lock(mutex_);
    return mails_.back();
  }
  // The token in the link of the latest mail.
  Secret last_token() const {
    const std::string text = last().text;
    const std::size_t begin = text.find("#token=") + 7;
    return Secret(text.substr(begin, text.find('\n', begin) - begin));
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Mail> mails_;
  bool is_full_ = false;
};

struct ServicePolicy {
  SessionPolicy session{};
  LogInLimits log_in{};
  std::chrono::seconds access_ttl{900};
  std::chrono::seconds leeway{5};
  std::chrono::milliseconds lease{5000};
  EmailRule email_rule = EmailRule::kAnyAddress;
};

// What one server is made of, without its store, its keys and the system's clock: these outlive it.
struct ServiceParts {
  ServiceParts(const ServicePolicy& policy, Store& store, const CurrentKeys& keys, const Clock& source)
      : clock(source),
        hasher(PasswordPolicy{.memory_kib = 8, .iterations = 1}, pool.get_executor(), random),
        revocations(RevocationPolicy{kTestIssuer, policy.access_ttl, policy.leeway, policy.lease}, store, clock, metrics),
        mails({"https://id.example/reset", "https://id.example/verify", "https://id.example/change"}, MailTemplates(), outbox),
        verification(policy.email_rule, policy.log_in, store, &mails, clock, random),
        opener(policy.session, AccessTokenPolicy{kTestIssuer, kTestAudience, policy.access_ttl}, store, revocations,
               verification, keys, clock, random, metrics),
        sessions(policy.session, policy.log_in, opener, store, revocations, hasher, keys, clock, random, metrics),
        passwords(policy.log_in, store, revocations, opener, hasher, &mails, clock, random),
        check(TrustedIssuer{{.issuer = kTestIssuer, .audience = kTestAudience, .leeway = policy.leeway},
                            keys.get()->verification_keys()},
              CacheLimits{.tokens = 1024}, revocations, clock, metrics) {}

  SystemRandom random;
  boost::asio::thread_pool pool{1};
  ForwardClock clock;
  Metrics metrics;
  PasswordHasher hasher;
  Revocations revocations;
  Outbox outbox;
  AccountMails mails;
  EmailVerification verification;
  SessionOpener opener;
  Sessions sessions;
  Passwords passwords;
  TokenCheck check;
};

inline KeyRing make_test_keys() {
  SystemRandom random;
  return std::move(KeyRing::generate(Algorithm::kHs256, random)).value();
}

inline AdoptSession adopt_request(const std::string& user) { return {UserId{user}, {}, {}, {"device", "agent", "192.0.2.7"}}; }

// A server on a store that can fail, loaded.
class ServiceUnderTest {
 public:
  explicit ServiceUnderTest(ServicePolicy policy = {}, std::unique_ptr<Store> store = std::make_unique<MemoryStore>())
      : store_(std::move(store)), failing(*store_) {
    start(policy);
  }

  // A new process on the same store and keys. Not loaded where load() fails.
  void start(const ServicePolicy& policy) {
    parts = std::make_unique<ServiceParts>(policy, failing, keys, clock);
    is_loaded = run(parts->revocations.load()).has_value();
  }

  // Time passes, and the lease is renewed as it would be.
  void pass_time(std::chrono::milliseconds time) {
    clock.advance(time);
    is_loaded = is_loaded && run(parts->revocations.renew_lease()).has_value();
  }

  Sessions& sessions() { return parts->sessions; }
  Passwords& passwords() { return parts->passwords; }
  Revocations& revocations() { return parts->revocations; }

  TokenPair adopt(const std::string& user) { return std::move(run(sessions().adopt(adopt_request(user)))).value(); }
  Result<TokenPair> refresh(const TokenPair& pair) { return run(sessions().refresh(pair.refresh_token, "192.0.2.9")); }
  Result<TokenPair> refresh_text(std::string text) { return run(sessions().refresh(Secret(std::move(text)), "192.0.2.9")); }
  Result<void> log_out(const TokenPair& pair) {
    return run(sessions().log_out(pair.session.id, Actor{"192.0.2.7", pair.user.id}));
  }
  bool is_good(const TokenPair& pair) { return parts->check.check(pair.access_token).has_value(); }
  // kInternal where the token is good.
  ErrorCode refusal(const TokenPair& pair) {
    const Result<VerifiedToken> answer = parts->check.check(pair.access_token);
    return answer ? ErrorCode::kInternal : answer.error().code;
  }

 private:
  std::unique_ptr<Store> store_;

 public:
  FailingStore failing;
  StandingClock clock;
  CurrentKeys keys{make_test_keys()};
  std::unique_ptr<ServiceParts> parts;
  bool is_loaded = false;
};

inline std::unique_ptr<Store> open_sqlite_store(const TemporaryDirectory& directory) {
  SqliteOptions options;
  options.path = directory.file("rescind.db");
  return std::move(SqliteStore::open(std::move(options))).value();
}

}  // namespace rescind

#endif  // RESCIND_TESTS_TESTING_SERVICE_PARTS_H_
