// The keys that an issuer publishes at a URL, or that somebody puts into a file for it, kept fresh by a thread of their own.
//
// A fetch, which for a file is a look into it, is due when the set is older than max_age, when the last fetch failed, or when a
// token named a key that nobody knows; and never within `cooldown` of the fetch before, however many ask. A fetch that fails,
// or brings no usable set, leaves the last good one in use until it is older than max_stale. A set that comes in replaces the
// one before whole: a key that has left it is refused from then on.
#ifndef RESCIND_ISSUERS_JWKS_SOURCE_H_
#define RESCIND_ISSUERS_JWKS_SOURCE_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "issuers/key_source.h"
#include "rescind/algorithm.h"

namespace rescind {

struct JwksPolicy {
  std::string url;                    // where there is no file
  std::string file;                   // its path
  std::vector<Algorithm> algorithms;  // empty: any
  std::chrono::milliseconds timeout{5'000};
  std::chrono::milliseconds cooldown{30'000};
  std::chrono::milliseconds max_age{600'000};
  std::chrono::milliseconds max_stale{24 * 3'600'000};
};

// Thread-safety: any thread may call find_keys(), version() and ask_for_unknown_key(); load(), start(), stop() and
// fetch_if_due() are for one.
class JwksSource final : public KeySource {
 public:
  // `name` is the issuer's in log and metrics.
  JwksSource(std::string name, JwksPolicy policy, const Clock& clock, Metrics& metrics, Log& log);
  ~JwksSource() override;

  std::shared_ptr<const KeySet> find_keys() const override EXCLUDES(mutex_);
  std::uint64_t version() const override;
  KeyOutlook ask_for_unknown_key() override EXCLUDES(mutex_);

  // The first fetch, in the caller's thread. The reason where it brings no keys; nothing is logged or counted then.
  Result<void, std::string> load() EXCLUDES(mutex_);

  // The thread that fetches: at once, unless load() has, and then whenever it is due.
  void start();
  // Breaks off a fetch that is running. Also done by the destructor.
  void stop() EXCLUDES(mutex_);

  // What the thread does, in the caller's: one fetch, if it is due. True where one was made.
  bool fetch_if_due() EXCLUDES(mutex_);

 private:
  bool is_cooling_down() const REQUIRES(mutex_);
  bool is_due() const REQUIRES(mutex_);
  SteadyTime begin_fetch() REQUIRES(mutex_);
  // The keys, or why there are none. The last good ones where they are published unchanged.
  Result<std::shared_ptr<const KeySet>, std::string> fetch() EXCLUDES(mutex_);
  void take_up(Result<std::shared_ptr<const KeySet>, std::string> fetched, SteadyTime asked_at) EXCLUDES(mutex_);
  void run() EXCLUDES(mutex_);

  const std::string name_;
  const JwksPolicy policy_;
  const Clock& clock_;
  Log& log_;
  Counter& succeeded_;
  Counter& failed_;

  mutable Mutex mutex_;
  CondVar asked_;
  std::shared_ptr<const KeySet> keys_ GUARDED_BY(mutex_);      // null until the first good fetch
  SteadyTime fetched_at_ GUARDED_BY(mutex_);                   // when the good fetch was sent
  std::optional<SteadyTime> attempted_at_ GUARDED_BY(mutex_);  // when the last fetch was sent
  bool last_failed_ GUARDED_BY(mutex_) = false;
  bool is_wanted_ GUARDED_BY(mutex_) = false;
  bool is_fetching_ GUARDED_BY(mutex_) = false;
  std::string text_;  // of the last good fetch; for whoever fetches

  // What version() reads: raised after keys_ has changed, and the end of keys_, which is written after it.
  std::atomic<std::uint64_t> version_{kNoKeys};
  std::atomic<SteadyTime> good_until_{SteadyTime::min()};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace rescind

#endif  // RESCIND_ISSUERS_JWKS_SOURCE_H_
