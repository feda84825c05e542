#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/run_to_end.h"
#include "main/doctor/checks.h"
#include "store/sqlite/inspection.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/testing/temporary_directory.h"
#include "wire/tls_client.h"

namespace rescind {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

constexpr WallTime kRemembered{1'800'000'000s};

class ClockAt final : public Clock {
 public:
  explicit ClockAt(WallTime now) : now_(now) {}
  WallTime wall_now() const override { return now_; }
  SteadyTime steady_now() const override { return {}; }

 private:
  const WallTime now_;
};

// A database that has seen kRemembered; the store is still open, as under a running server.
class DoctorStore : public ::testing::Test {
 protected:
  DoctorStore() {
    config_.store.path = directory_.file("rescind.db");
    SqliteOptions options;
    options.path = config_.store.path;
    store_ = std::move(SqliteStore::open(std::move(options)).value());
    EventDraft event{.type = {}, .user = {}, .session = {}, .address = {}, .at = kRemembered, .detail = {}};
    EXPECT_TRUE(run_to_end(store_->append_event(std::move(event))));
  }

  std::string findings_at(WallTime now) const {
    Report report;
    check_store(config_, ClockAt(now), report);
    std::ostringstream out;
    report.print(OutputForm::kTable, out);
    return out.str();
  }

  TemporaryDirectory directory_;
  Config config_;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(DoctorStore, SeesVersionAndTimeWhileAServerHasTheDatabase) {
  const auto inspection = inspect_sqlite(config_.store.path);
  ASSERT_TRUE(inspection);
  EXPECT_EQ(inspection->version, inspection->newest_known);
  EXPECT_EQ(inspection->latest, kRemembered);
}

TEST_F(DoctorStore, NamesAClockThatIsAMinuteOrMoreBehindWhatTheStoreHasSeen) {
  EXPECT_THAT(findings_at(kRemembered + 1h), Not(HasSubstr("clock_behind")));
  EXPECT_THAT(findings_at(kRemembered - 59s), Not(HasSubstr("clock_behind")));
  EXPECT_THAT(findings_at(kRemembered - 60s), HasSubstr("60 seconds behind"));
}

// A certificate for localhost that is good for a day.
class DoctorTls : public ::testing::Test {
 protected:
  DoctorTls() {
    config_.server.tls_cert = write("cert.pem", identity_.certificate);
    config_.server.tls_key = write("key.pem", identity_.key);
    config_.server.public_url = "https://localhost:8443";
  }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(directory_.file(name)) << text;
    chmod(directory_.file(name).c_str(), 0600);
    return directory_.file(name);
  }
  std::string findings(std::chrono::seconds later = 0s) const {
    Report report;
    check_tls(config_, ClockAt(SystemClock().wall_now() + later), report);
    std::ostringstream out;
    report.print(OutputForm::kJson, out);
    return out.str();
  }

  const TestIdentity identity_ = make_identity(1);
  TemporaryDirectory directory_;
  Config config_;
};

TEST_F(DoctorTls, NamesACertificateThatExpiresWithinTwoWeeksOrHasExpired) {
  EXPECT_THAT(findings(-13 * 24h + 5s), HasSubstr("tls_certificate_expires_soon"));
  EXPECT_THAT(findings(-13 * 24h - 5s), Not(HasSubstr("tls_certificate_expire")));
  EXPECT_THAT(findings(24h + 1s), HasSubstr("tls_certificate_expired"));
}

TEST_F(DoctorTls, NamesFilesThatCannotBeUsed) {
  EXPECT_THAT(findings(), Not(HasSubstr("tls_files")));
  write("key.pem", make_identity(2).key);
  EXPECT_THAT(findings(), HasSubstr("tls_files"));
  config_.server.tls_key = directory_.file("nothing");
  EXPECT_THAT(findings(), HasSubstr("tls_files"));
}

TEST_F(DoctorTls, NamesAHostThatTheCertificateIsNotFor) {
  EXPECT_THAT(findings(), Not(HasSubstr("tls_certificate_name")));
  for (const char* other : {"https://id.example.com", "https://127.0.0.1:8443", "https://[::1]"}) {
    config_.server.public_url = other;
    EXPECT_THAT(findings(), HasSubstr("tls_certificate_name")) << other;
  }
}

TEST_F(DoctorTls, NamesAKeyThatEverybodyMayRead) {
  EXPECT_THAT(findings(), Not(HasSubstr("tls_key_open_to_others")));
  chmod(config_.server.tls_key.c_str(), 0644);
  EXPECT_THAT(findings(), HasSubstr("tls_key_open_to_others"));
}

TEST(Inspection, LeavesAFileThatIsNotThereAlone) {
  TemporaryDirectory directory;
  EXPECT_FALSE(inspect_sqlite(directory.file("rescind.db")));
  EXPECT_FALSE(std::filesystem::exists(directory.file("rescind.db")));
}

TEST(Report, NotesAloneAreClean) {
  Report report;
  report.add({Severity::kNote, "n", "w", "m", "r"});
  EXPECT_TRUE(report.is_clean());
  report.add({Severity::kWarning, "n", "a\x1b[1m", "m", "r"});
  EXPECT_FALSE(report.is_clean());
  std::ostringstream out;
  report.print(OutputForm::kTable, out);
  EXPECT_THAT(out.str(), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace rescind
