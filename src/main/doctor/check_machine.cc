#include <sys/resource.h>
#include <sys/timex.h>

#include "main/doctor/checks.h"
#include "wire/limits.h"

namespace rescind {

void check_machine(Report& report) {
  timex state{};
  if (adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) != 0) {
    report.add({Severity::kNote, "clock_not_synchronised", "the kernel does not know of a time server",
                "Verifiers on other machines compare expiry with their own clocks. Within a container or a virtual machine the "
                "host may keep the time unseen.",
                "Run an NTP client such as systemd-timesyncd or chrony on the machine."});
  }
  constexpr rlim_t kOwnFiles = 64;
  const rlim_t wanted = WireLimits{}.connections + kOwnFiles;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  if (files.rlim_cur >= wanted) return report.add_good("enough file descriptors: " + std::to_string(files.rlim_cur));
  report.add({Severity::kWarning, "file_descriptors",
              "a process may open " + std::to_string(files.rlim_cur) + " files here, and the server takes up to " +
                  std::to_string(wanted),
              "Connections beyond that wait, or are not accepted.",
              "ulimit -n " + std::to_string(wanted) + ", or LimitNOFILE="});
}

}  // namespace rescind
