#include <filesystem>

#include "main/doctor/checks.h"
#include "store/sqlite/inspection.h"

namespace rescind {
namespace {

constexpr std::chrono::minutes kFarBehind{1};

}  // namespace

void check_store(const Config& config, const Clock& clock, Report& report) {
  if (config.store.kind == StoreKind::kMemory) {
    report.add({Severity::kNote, "store_in_memory", "store.url is memory:",
                "Users, sessions and revocations are forgotten at exit.", "Use sqlite: for anything but a trial."});
    return;
  }
  const std::string& path = config.store.path;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return report.add_good("the database " + path + " is not there; the first start makes it");
  const auto inspection = inspect_sqlite(path);
  if (!inspection) {
    report.add({Severity::kProblem, "store", path + ": " + inspection.error().message, "The server does not start with it.",
                "Look at its owner and mode; restore a backup if it is damaged."});
    return;
  }
  if (inspection->version > inspection->newest_known) {
    report.add({Severity::kProblem, "store_newer",
                path + " has version " + std::to_string(inspection->version) + ", and this program knows " +
                    std::to_string(inspection->newest_known),
                "A newer program has written it; this one does not touch it.", "Use the newer program, or a backup."});
    return;
  }
  const bool is_current = inspection->version == inspection->newest_known;
  report.add_good("the database " + path + " has version " + std::to_string(inspection->version) +
                  (is_current ? "" : "; the next start brings it up to date"));
  const auto behind = inspection->latest - clock.wall_now();
  if (behind < kFarBehind) return;
  report.add({Severity::kProblem, "clock_behind",
              "the clock is " + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(behind).count()) +
                  " seconds behind a moment that the store has seen",
              "The server's time stands still until the clock has caught up: tokens that it issues look as if from then, and "
              "none expires before.",
              "Set the clock, and keep it with NTP. Where the clock was wrong before, there is nothing but to wait."});
}

}  // namespace rescind
