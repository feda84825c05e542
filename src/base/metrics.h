// Counters, gauges and histograms in Prometheus' text format. A label never holds anything that a caller can choose freely.
#ifndef RESCIND_BASE_METRICS_H_
#define RESCIND_BASE_METRICS_H_

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace rescind {

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void increment(double by = 1) = 0;
};

class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
};

// How long something takes, counted in buckets that end at kDurationBuckets.
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(std::chrono::nanoseconds duration) = 0;
};

inline constexpr std::array kDurationBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0};  // seconds

// Thread-safety: any thread may call any member.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The same name and labels give the same counter. The reference lives as long as this object.
  Counter& counter(const std::string& name, const std::string& help, const std::map<std::string, std::string>& labels = {});

  // The same for a gauge.
  Gauge& gauge(const std::string& name, const std::string& help, const std::map<std::string, std::string>& labels = {});
  // The same for a histogram, in seconds. Observing takes a lock of its own: not for what every request passes.
  Histogram& histogram(const std::string& name, const std::string& help, const std::map<std::string, std::string>& labels = {});

  // `read` is called at each render(), and must never give less than before.
  void add_counter(const std::string& name, const std::string& help, std::function<double()> read);

  // `read` is called at each render().
  void add_gauge(const std::string& name, const std::string& help, std::function<double()> read);

  std::string render();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rescind

#endif  // RESCIND_BASE_METRICS_H_
