#include "bench/measure/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rescind::bench {
namespace {

using ::testing::HasSubstr;

TEST(Report, JsonHoldsMedianAndRangeOfEachFigure) {
  Report report;
  EXPECT_EQ(report.json(), "[\n]\n");
  report.add("a.b", "ratio", {0.5, 2.25, 1});
  report.add("c", "MB", 20);
  EXPECT_EQ(report.json(),
            "[\n {\"figure\":\"a.b\",\"value\":1,\"unit\":\"ratio\",\"n\":3,\"min\":0.5,\"max\":2.25},\n"
            " {\"figure\":\"c\",\"value\":20,\"unit\":\"MB\",\"n\":1,\"min\":20,\"max\":20}\n]\n");
}

TEST(Report, TableHasALineAFigure) {
  Report report;
  report.add("a.b", "ratio", {0.5, 2.25, 1});
  EXPECT_THAT(report.table(), HasSubstr("\na.b "));
  EXPECT_THAT(report.table(), HasSubstr("2.25  ratio    3\n"));
}

TEST(Report, WithoutAPlaceForTheFiguresNothingIsWritten) {
  const char* const argv[] = {"x"};
  EXPECT_EQ(Report().finish(1, argv), 2);
  const char* const nowhere[] = {"x", "/no/such/directory/x.json"};
  EXPECT_EQ(Report().finish(2, nowhere), 1);
}

}  // namespace
}  // namespace rescind::bench
