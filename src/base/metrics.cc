#include "base/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>
#include <vector>

#include "base/mutex.h"

namespace rescind {
namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void increment(double by) override { counter_.Increment(by); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void set(double value) override { gauge_.Set(value); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void observe(std::chrono::nanoseconds duration) override {
    histogram_.Observe(std::chrono::duration<double>(duration).count());
  }

 private:
  prometheus::Histogram& histogram_;
};

using NameAndLabels = std::pair<std::string, std::map<std::string, std::string>>;

struct Reading {
  prometheus::MetricType type;
  std::string name;
  std::string help;
  std::function<double()> read;
};

}  // namespace

struct Metrics::State {
  prometheus::Registry registry;  // locks itself
  Mutex mutex;
  std::map<NameAndLabels, std::unique_ptr<Counter>> counters GUARDED_BY(mutex);
  std::map<NameAndLabels, std::unique_ptr<Gauge>> gauges GUARDED_BY(mutex);
  std::map<NameAndLabels, std::unique_ptr<Histogram>> histograms GUARDED_BY(mutex);
  std::vector<Reading> readings GUARDED_BY(mutex);
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(const std::string& name, const std::string& help, const std::map<std::string, std::string>& labels) {
  MutexLock lock(state_->mutex);
  std::unique_ptr<Counter>& slot = state_->counters[{name, labels}];
  if (!slot) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
    slot = std::make_unique<PrometheusCounter>(family.Add(labels));
  }
  return *slot;
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help, const std::map<std::string, std::string>& labels) {
  MutexLock lock(state_->mutex);
  std::unique_ptr<Gauge>& slot = state_->gauges[{name, labels}];
  if (!slot) {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
    slot = std::make_unique<PrometheusGauge>(family.Add(labels));
  }
  return *slot;
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              const std::map<std::string, std::string>& labels) {
  MutexLock lock(state_->mutex);
  std::unique_ptr<Histogram>& slot = state_->histograms[{name, labels}];
  if (!slot) {
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
    const prometheus::Histogram::BucketBoundaries ends(kDurationBuckets.begin(), kDurationBuckets.end());
    slot = std::make_unique<PrometheusHistogram>(family.Add(labels, ends));
  }
  return *slot;
}

void Metrics::add_counter(const std::string& name, const std::string& help, std::function<double()> read) {
  MutexLock lock(state_->mutex);
  state_->readings.push_back({prometheus::MetricType::Counter, name, help, std::move(read)});
}

void Metrics::add_gauge(const std::string& name, const std::string& help, std::function<double()> read) {
  MutexLock lock(state_->mutex);
  state_->readings.push_back({prometheus::MetricType::Gauge, name, help, std::move(read)});
}

std::string Metrics::render() {
  std::vector<prometheus::MetricFamily> families = state_->registry.Collect();
  MutexLock lock(state_->mutex);
  for (const Reading& reading : state_->readings) {
    prometheus::ClientMetric metric;
    (reading.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = reading.read();
    families.push_back({reading.name, reading.help, reading.type, {metric}});
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace rescind
