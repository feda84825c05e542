#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "tests/simulation/simulation.h"

namespace rescind::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kSteps = 320;
constexpr std::size_t kMaxInFlight = 8;
constexpr std::size_t kUsers = 3;
constexpr seconds kPurgeInterval{10};
constexpr const char* kIssuer = "https://id.example";
constexpr const char* kAudience = "https://api.example";

template <class T, std::size_t N>
T one_of(SimRandom& random, const T (&choices)[N]) {
  return choices[random.below(N)];
}

Rules choose_rules(SimRandom& random) {
  Rules rules;
  rules.access_ttl = seconds(one_of(random, {20, 60, 300}));
  rules.leeway = seconds(one_of(random, {0, 5}));
  rules.session.refresh_grace = seconds(one_of(random, {0, 2, 30, 30}));
  rules.session.idle_ttl = seconds(one_of(random, {45, 600, 86400}));
  rules.session.absolute_ttl = seconds(one_of(random, {200, 3600, 864000}));
  rules.session.on_reuse = random.one_in(3) ? SessionPolicy::OnReuse::kUser : SessionPolicy::OnReuse::kSession;
  return rules;
}

KeyRing make_keys(SimRandom& random) { return std::move(KeyRing::generate(Algorithm::kHs256, random)).value(); }

}  // namespace

Server::Server(const Rules& rules, SimStore& store, const SimClock& source, SimRandom& random, const CurrentKeys& keys,
               const boost::asio::any_io_executor& executor)
    : clock(source),
      hasher(PasswordPolicy{.memory_kib = 8, .iterations = 1}, executor, random),
      revocations(RevocationPolicy{kIssuer, rules.access_ttl, rules.leeway, rules.lease}, store, clock, metrics),
      verification(EmailRule::kAnyAddress, LogInLimits{}, store, nullptr, clock, random),
      opener(rules.session, AccessTokenPolicy{kIssuer, kAudience, rules.access_ttl}, store, revocations, verification, keys,
             clock, random, metrics),
      sessions(rules.session, LogInLimits{}, opener, store, revocations, hasher, keys, clock, random, metrics),
      check(TrustedIssuer{{.issuer = kIssuer, .audience = kAudience, .leeway = rules.leeway}, keys.get()->verification_keys()},
            CacheLimits{.tokens = 256}, revocations, clock, metrics) {}

Simulation::Simulation(std::uint64_t seed)
    : random_(seed),
      server_random_(random_.next()),
      rules_(choose_rules(random_)),
      longest_ttl_(rules_.access_ttl),
      store_(random_),
      keys_(make_keys(server_random_)),
      model_(rules_) {
  for (std::size_t i = 0; i < kUsers; ++i) users_.push_back(UserId{"user-" + std::to_string(i)});
  if (random_.one_in(2)) store_.fail_one_in(one_of(random_, {10, 40, 200}));
}

Simulation::~Simulation() {
  store_.drop_all();
  drain();
}

Report simulate(std::uint64_t seed) {
  Report report = Simulation(seed).run();
  report.seed = seed;
  return report;
}

Report Simulation::run() {
  start_server();
  for (int i = 0; i < kSteps && breach_.empty(); ++i) step();
  if (breach_.empty()) {
    store_.set_out(false);
    store_.fail_one_in(0);
    settle();
    start_what_is_due();
    settle();
    pass_time(kPurgeInterval);
    spawn(purge());
    settle();
    verify_all();
    check_events();
  }
  return {0, trace_.hash(), breach_, trace_.tail(), tally_};
}

void Simulation::step() {
  const std::uint64_t choice = random_.below(100);
  if (choice < 40) {
    if (store_.waiting() > 0) store_.resume(random_.below(store_.waiting()));
  } else if (choice < 60) {
    if (in_flight_ < kMaxInFlight) start_request();
  } else if (choice < 80) {
    if (!model_.tokens.empty()) verify(model_.tokens[random_.below(model_.tokens.size())]);
  } else if (choice < 94) {
    pass_time(milliseconds(random_.one_in(10) ? random_.between(1000, 20'000) : random_.between(1, 400)));
  } else {
    disturb();
  }
  drain();
  start_what_is_due();
  drain();
}

void Simulation::disturb() {
  switch (random_.below(10)) {
    case 0: crash(); break;
    case 1:
    case 2: {
      const std::int64_t reach = one_of(random_, {3'000, 30'000, 400'000, 100'000'000});
      const milliseconds by(random_.between(-reach, reach));
      note("clock steps by " + std::to_string(by.count()) + " ms");
      clock_.step_wall(by);
      count("clock stepped");
      break;
    }
    case 3:
      store_.set_out(true);
      outage_ends_ = clock_.steady_now() + milliseconds(random_.between(1, 15'000));
      note("store is out");
      count("store outage");
      break;
    case 4:
    case 5: {
      // To the end of some token's life, give or take.
      if (model_.tokens.empty()) break;
      const Token& token = model_.tokens[random_.below(model_.tokens.size())];
      const auto rest = token.expires_at - server_->clock.wall_now();
      if (rest > seconds(0))
        pass_time(std::chrono::duration_cast<milliseconds>(rest) + milliseconds(random_.between(-6000, 12'000)));
      break;
    }
    case 6: settle(); break;
    case 7: verify_all(); break;
    default:
      settle();
      pass_time(seconds(random_.between(1, 40)));
      start_what_is_due();
      settle();
      break;
  }
}

void Simulation::pass_time(milliseconds time) {
  if (time <= milliseconds(0)) return;
  clock_.advance(time);
  note("+" + std::to_string(time.count()) + " ms");
}

void Simulation::crash() {
  note("crash with " + std::to_string(store_.waiting()) + " waiting");
  count("crash");
  store_.drop_all();
  drain();  // unwinds what was dropped, while the server is still there
  model_.close_all();
  in_flight_ = 0;
  renewing_ = purging_ = false;
  server_.reset();
  if (random_.one_in(3)) {
    rules_.access_ttl = seconds(one_of(random_, {20, 60, 300}));
    longest_ttl_ = std::max(longest_ttl_, rules_.access_ttl);
    model_.set_access_ttl(rules_.access_ttl);
    note("access lifetime is now " + std::to_string(rules_.access_ttl.count()) + " s");
  }
  start_server();
}

void Simulation::start_server() {
  server_ = std::make_unique<Server>(rules_, store_, clock_, server_random_, keys_, context_.get_executor());
  model_.set_now(server_->clock.wall_now());
  next_renewal_ = next_purge_ = clock_.steady_now();
  load_is_due_ = true;
  start_what_is_due();
  drain();
}

void Simulation::start_what_is_due() {
  const SteadyTime now = clock_.steady_now();
  if (store_.is_out() && now >= outage_ends_) {
    store_.set_out(false);
    note("store is back");
  }
  if (std::exchange(load_is_due_, false)) spawn(load());
  if (!server_->loaded) return;
  if (!renewing_ && now >= next_renewal_) {
    next_renewal_ = now + rules_.lease / 4;
    spawn(renew_lease());
  }
  if (!purging_ && now >= next_purge_) {
    next_purge_ = now + kPurgeInterval;
    spawn(purge());
  }
}

void Simulation::start_request() {
  if (!server_->loaded) return;
  const UserId user = users_[random_.below(users_.size())];
  const std::string client = random_.one_in(3) ? "app" : "";
  if (model_.sessions.empty() || random_.one_in(6)) {
    if (!random_.one_in(12)) return spawn(adopt(user, client));
    if (emails_.empty() || random_.one_in(2)) return spawn(sign_up("u" + std::to_string(random_.below(3)) + "@mail.example"));
    return spawn(log_in(emails_[random_.below(emails_.size())]));
  }
  KnownSession& session = model_.sessions[random_.below(model_.sessions.size())];
  const bool answer_is_lost = random_.one_in(6);
  switch (random_.below(24)) {
    default: return spawn(refresh(session, session.in_hand, answer_is_lost));
    case 0: {
      const auto held = session.refresh_tokens.find(session.in_hand);
      const auto before = held == session.refresh_tokens.begin() ? held : std::prev(held);
      return spawn(refresh(session, before->first, answer_is_lost));
    }
    case 1:
      return spawn(refresh(
          session,
          std::next(session.refresh_tokens.begin(), static_cast<std::ptrdiff_t>(random_.below(session.refresh_tokens.size())))
              ->first,
          answer_is_lost));
    case 2:
    case 3: spawn(refresh(session, session.in_hand, answer_is_lost)); return spawn(refresh(session, session.in_hand, false));
    case 4: return spawn(refresh_forged(session));
    case 5: return spawn(list_sessions(session.user));
    case 6: return spawn(end_session(session, EndBy::kLogOut));
    case 7: return spawn(end_session(session, one_of(random_, {EndBy::kSignOut, EndBy::kAdmin, EndBy::kAdminAny})));
    case 8: spawn(end_session(session, EndBy::kLogOut)); return spawn(refresh(session, session.in_hand, false));
    case 9: return spawn(log_out_all(session.user, random_.one_in(2) ? std::optional(session.id) : std::nullopt));
    case 10:
    case 11:
      if (!model_.tokens.empty()) spawn(revoke_token(random_.below(model_.tokens.size())));
      return;
    case 12: {
      const auto before = to_seconds(server_->clock.wall_now()) + seconds(random_.between(-10, 0));
      if (random_.one_in(8)) return spawn(revoke_before(std::nullopt, std::nullopt, before));
      if (random_.one_in(2)) return spawn(revoke_before(std::nullopt, "app", before));
      return spawn(revoke_before(session.user, std::nullopt, before));
    }
  }
}

void Simulation::spawn(Task<void> request) {
  ++in_flight_;
  ++spawned_;
  boost::asio::co_spawn(context_, std::move(request), [this](std::exception_ptr thrown) {
    if (thrown) expect("an exception crossed the service's edge");
    --in_flight_;
  });
}

void Simulation::drain() {
  if (server_) model_.set_now(server_->clock.wall_now());
  context_.restart();
  while (context_.poll_one() > 0) {
  }
}

void Simulation::settle() {
  drain();
  while (store_.waiting() > 0 && breach_.empty()) {
    store_.resume(random_.below(store_.waiting()));
    drain();
  }
}

}  // namespace rescind::simulation
