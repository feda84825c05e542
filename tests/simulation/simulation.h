// One server, its clients and a store on a bad day, in one thread and from one seed: every interleaving, crash, outage and
// step of a clock follows from the seed, so that what was found once can be run again.
#ifndef RESCIND_TESTS_SIMULATION_SIMULATION_H_
#define RESCIND_TESTS_SIMULATION_SIMULATION_H_

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "service/email_verification.h"
#include "service/password_hasher.h"
#include "service/revocations.h"
#include "service/session_opener.h"
#include "service/sessions.h"
#include "service/token_check.h"
#include "tests/simulation/model.h"
#include "tests/simulation/sim_clock.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/sim_store.h"
#include "tests/simulation/trace.h"
#include "token/current_keys.h"

namespace rescind::simulation {

// How often each thing happened: a simulation in which nothing happens proves nothing.
using Tally = std::map<std::string, std::uint64_t>;

struct Report {
  std::uint64_t seed = 0;
  std::uint64_t trace_hash = 0;
  std::string breach;  // empty where every guarantee held
  std::string tail;    // of the trace
  Tally tally;
};

Report simulate(std::uint64_t seed);

// The part that a crash destroys.
struct Server {
  Server(const Rules& rules, SimStore& store, const SimClock& source, SimRandom& random, const CurrentKeys& keys,
         const boost::asio::any_io_executor& executor);

  ForwardClock clock;
  Metrics metrics;
  PasswordHasher hasher;
  Revocations revocations;
  EmailVerification verification;
  SessionOpener opener;
  Sessions sessions;
  TokenCheck check;
  SteadyTime lease_ends = SteadyTime::min();  // as the model counts it
  bool loaded = false;
};

// Thread-safety: one thread.
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed);
  ~Simulation();
  Report run();

 private:
  // The scheduler: scheduler.cc.
  void step();
  void start_request();
  void disturb();
  void crash();
  void start_server();
  void pass_time(std::chrono::milliseconds time);
  void start_what_is_due();
  void drain();   // what can run without the store
  void settle();  // until nobody waits for the store
  void spawn(Task<void> request);

  // What is asked of the server: requests.cc.
  Task<void> load();
  Task<void> renew_lease();
  Task<void> purge();
  Task<void> adopt(UserId user, std::string client);
  Task<void> sign_up(std::string email);
  Task<void> log_in(std::string email);
  Task<void> refresh(KnownSession& session, std::uint64_t generation, bool answer_is_lost);
  Task<void> refresh_forged(KnownSession& session);
  Task<void> list_sessions(UserId user);

  // What revokes: revoking_requests.cc.
  enum class EndBy { kLogOut, kSignOut, kAdmin, kAdminAny };
  Task<void> end_session(KnownSession& session, EndBy by);
  Task<void> log_out_all(UserId user, std::optional<SessionId> keep);
  Task<void> revoke_token(std::size_t token);
  Task<void> revoke_before(std::optional<UserId> user, std::optional<std::string> client, std::chrono::sys_seconds before);
  Revoking& begin_revoking(Revoking revoking);
  void end_revoking(Revoking& revoking, const std::optional<Error>& error, std::uint64_t failures_before);

  // What is looked at: checks.cc.
  void verify(const Token& token);
  void verify_all();
  void know_session(const TokenPair& pair, const Span& span);
  void know_token(const TokenPair& pair, const Span& span);
  void check_created(const TokenPair& pair);
  void check_entry(const Revocation& entry, std::chrono::sys_seconds least_end);
  void check_purged(std::chrono::sys_seconds until, std::uint64_t head, bool is_alone);
  void check_events();
  void check_failure(const Error& error, std::uint64_t failures_before);

  void expect(const Breach& breach);
  void note(std::string line);
  void count(const std::string& what) { ++tally_[what]; }
  std::string name_of(const KnownSession& session) const;

  SimRandom random_;         // of the scheduler
  SimRandom server_random_;  // of the server
  SimClock clock_;
  Rules rules_;
  std::chrono::seconds longest_ttl_{0};
  boost::asio::io_context context_{1};
  SimStore store_;
  CurrentKeys keys_;
  Model model_;
  Trace trace_;
  Tally tally_;
  std::unique_ptr<Server> server_;
  std::vector<UserId> users_;
  std::vector<std::string> emails_;
  std::map<std::string, std::uint64_t> log_ins_;  // asked for, by e-mail address
  std::size_t in_flight_ = 0;
  std::uint64_t spawned_ = 0;
  bool load_is_due_ = false;
  bool renewing_ = false;
  bool purging_ = false;
  SteadyTime next_renewal_;
  SteadyTime next_purge_;
  SteadyTime outage_ends_;
  std::string breach_;
};

}  // namespace rescind::simulation

#endif  // RESCIND_TESTS_SIMULATION_SIMULATION_H_
