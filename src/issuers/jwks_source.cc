#include "issuers/jwks_source.h"

#include <utility>

#include "issuers/jwks_fetch.h"
#include "rescind/foreign_token.h"

namespace rescind {
namespace {

// How often the thread looks whether the set has grown too old. Who asks wakes it at once.
constexpr std::chrono::milliseconds kLookInterval{250};

Counter& fetches(Metrics& metrics, const std::string& name, const char* result) {
  return metrics.counter("rescind_jwks_fetches_total", "Fetches of the key sets of trusted issuers.",
                         {{"issuer", name}, {"result", result}});
}

}  // namespace

JwksSource::JwksSource(std::string name, JwksPolicy policy, const Clock& clock, Metrics& metrics, Log& log)
    : name_(std::move(name)),
      policy_(std::move(policy)),
      clock_(clock),
      log_(log),
      succeeded_(fetches(metrics, name_, "ok")),
      failed_(fetches(metrics, name_, "failed")) {}

JwksSource::~JwksSource() { stop(); }

std::shared_ptr<const KeySet> JwksSource::find_keys() const {
  MutexLock lock(mutex_);
  if (!keys_ || clock_.steady_now() >= fetched_at_ + policy_.max_stale) return nullptr;
  return keys_;
}

// The end before the version: who reads an end that is new reads the version of its set or a later one.
std::uint64_t JwksSource::version() const {
  const SteadyTime good_until = good_until_.load(std::memory_order_acquire);
  return clock_.steady_now() < good_until ? version_.load(std::memory_order_acquire) : kNoKeys;
}

bool JwksSource::is_cooling_down() const { return attempted_at_ && clock_.steady_now() < *attempted_at_ + policy_.cooldown; }

KeyOutlook JwksSource::ask_for_unknown_key() {
  MutexLock lock(mutex_);
  if (is_fetching_ || is_wanted_) return KeyOutlook::kOnTheWay;
  if (is_cooling_down()) return KeyOutlook::kNone;
  is_wanted_ = true;
  asked_.notify_one();
  return KeyOutlook::kOnTheWay;
}

bool JwksSource::is_due() const {
  if (is_cooling_down()) return false;
  return is_wanted_ || !keys_ || last_failed_ || clock_.steady_now() >= fetched_at_ + policy_.max_age;
}

SteadyTime JwksSource::begin_fetch() {
  attempted_at_ = clock_.steady_now();
  is_wanted_ = false;
  is_fetching_ = true;
  return *attempted_at_;
}

Result<void, std::string> JwksSource::load() {
  SteadyTime asked_at;
  {
    MutexLock lock(mutex_);
    asked_at = begin_fetch();
  }
  auto fetched = fetch();
  if (!fetched) {
    MutexLock lock(mutex_);
    is_fetching_ = false;
    return Unexpected(std::move(fetched).error());
  }
  take_up(std::move(fetched), asked_at);
  return {};
}

bool JwksSource::fetch_if_due() {
  SteadyTime asked_at;
  {
    MutexLock lock(mutex_);
    if (!is_due()) return false;
    asked_at = begin_fetch();
  }
  take_up(fetch(), asked_at);
  return true;
}

Result<std::shared_ptr<const KeySet>, std::string> JwksSource::fetch() {
  Result<std::string, std::string> text =
      policy_.file.empty() ? fetch_jwks(policy_.url, policy_.timeout, stopping_) : read_jwks_file(policy_.file);
  if (!text) return Unexpected(std::move(text).error());
  if (*text == text_) {
    MutexLock lock(mutex_);
    return keys_;
  }
  Result<KeySet, KeyError> read = read_foreign_jwks(*text, policy_.algorithms);
  if (!read) {
    return Unexpected("no JWK Set with a key that can be used (" + std::string(to_string(read.error())) +
                      "); an RSA key without alg needs algorithms");
  }
  text_ = std::move(*text);
  return std::make_shared<const KeySet>(std::move(*read));
}

void JwksSource::take_up(Result<std::shared_ptr<const KeySet>, std::string> fetched, SteadyTime asked_at) {
  if (stopping_) return;
  bool was_failing = false;
  {
    MutexLock lock(mutex_);
    is_fetching_ = false;
    was_failing = std::exchange(last_failed_, !fetched);
    if (fetched) {
      if (keys_ != *fetched) {
        keys_ = std::move(*fetched);
        version_.fetch_add(1, std::memory_order_release);
      }
      fetched_at_ = asked_at;
      good_until_.store(asked_at + policy_.max_stale, std::memory_order_release);
    }
  }
  (fetched ? succeeded_ : failed_).increment();
  if (!fetched) {
    log_.warning("the keys of an issuer cannot be fetched; the last good ones stay in use until they are too old",
                 {{"issuer", name_}, {"reason", fetched.error()}});
  } else if (was_failing) {
    log_.info("the keys of an issuer can be fetched again", {{"issuer", name_}});
  }
}

void JwksSource::start() {
  thread_ = std::thread([this] { run(); });
}

void JwksSource::run() {
  while (!stopping_) {
    fetch_if_due();
    MutexLock lock(mutex_);
    if (!is_wanted_ && !stopping_) asked_.wait_for(mutex_, kLookInterval);
  }
}

void JwksSource::stop() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    asked_.notify_one();
  }
  thread_.join();
}

}  // namespace rescind
