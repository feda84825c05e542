#include "base/metrics.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

TEST(Metrics, RendersCountersAndGaugesInPrometheusText) {
  Metrics metrics;
  metrics.counter("rescind_refreshes_total", "Refreshes.", {{"outcome", "rotated"}}).increment();
  metrics.counter("rescind_refreshes_total", "Refreshes.", {{"outcome", "reused"}}).increment(2);
  double live = 3;
  metrics.add_gauge("rescind_revocations_live", "Live revocations.", [&] { return live; });
  metrics.add_counter("rescind_hits_total", "Hits.", [] { return 7; });
  const std::string text = metrics.render();
  EXPECT_NE(text.find("# TYPE rescind_refreshes_total counter"), std::string::npos) << text;
  EXPECT_NE(text.find("rescind_refreshes_total{outcome=\"rotated\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("rescind_refreshes_total{outcome=\"reused\"} 2"), std::string::npos) << text;
  EXPECT_NE(text.find("# TYPE rescind_revocations_live gauge"), std::string::npos) << text;
  EXPECT_NE(text.find("rescind_revocations_live 3"), std::string::npos) << text;
  EXPECT_NE(text.find("# TYPE rescind_hits_total counter"), std::string::npos) << text;
  EXPECT_NE(text.find("rescind_hits_total 7"), std::string::npos) << text;
  live = 4;
  EXPECT_NE(metrics.render().find("rescind_revocations_live 4"), std::string::npos);
}

TEST(Metrics, TheSameNameAndLabelsGiveTheSameCounter) {
  Metrics metrics;
  Counter& first = metrics.counter("c_total", "C.", {{"a", "b"}});
  EXPECT_EQ(&metrics.counter("c_total", "C.", {{"a", "b"}}), &first);
  EXPECT_NE(&metrics.counter("c_total", "C.", {{"a", "c"}}), &first);
}

TEST(Metrics, GaugesOfOneNameAreOneFamily) {
  Metrics metrics;
  Gauge& first = metrics.gauge("g", "G.", {{"a", "b"}});
  metrics.gauge("g", "G.", {{"a", "c"}}).set(7);
  first.set(5);
  first.set(2);
  EXPECT_EQ(&metrics.gauge("g", "G.", {{"a", "b"}}), &first);
  const std::string text = metrics.render();
  EXPECT_NE(text.find("g{a=\"b\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("g{a=\"c\"} 7\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("# TYPE g gauge"), text.rfind("# TYPE g gauge"));
}

TEST(Metrics, ADurationCountsInEveryBucketThatEndsAtItOrLater) {
  Metrics metrics;
  Histogram& seconds = metrics.histogram("h_seconds", "H.", {{"a", "b"}});
  EXPECT_EQ(&metrics.histogram("h_seconds", "H.", {{"a", "b"}}), &seconds);
  seconds.observe(std::chrono::microseconds(500));
  seconds.observe(std::chrono::microseconds(501));
  seconds.observe(std::chrono::seconds(6));
  const std::string text = metrics.render();
  for (const char* line : {"# TYPE h_seconds histogram", "h_seconds_bucket{a=\"b\",le=\"0.0005\"} 1\n",
                           "h_seconds_bucket{a=\"b\",le=\"0.001\"} 2\n", "h_seconds_bucket{a=\"b\",le=\"5\"} 2\n",
                           "h_seconds_bucket{a=\"b\",le=\"+Inf\"} 3\n", "h_seconds_count{a=\"b\"} 3\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

TEST(Metrics, ALabelValueCannotForgeALine) {
  Metrics metrics;
  metrics.counter("c_total", "C.", {{"a", "x\"} 9\nforged 1"}}).increment();
  EXPECT_EQ(metrics.render().find("\nforged"), std::string::npos);
}

}  // namespace
}  // namespace rescind
