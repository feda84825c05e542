#include "main/doctor/doctor.h"

#include "main/config_sources.h"
#include "main/doctor/checks.h"

namespace rescind {

int run_doctor(const DoctorRequest& request, std::ostream& out) {
  Report report;
  const auto config = load_config(request.config_path, request.variables, request.flags);
  if (!config) {
    report.add({Severity::kProblem, "configuration", config.error().message,
                "The server does not start with it, and the rest of the set-up cannot be looked at.",
                "Mend the setting; `rescind config` prints every setting with its meaning."});
  } else {
    report.add_good("the configuration can be read");
    const SystemClock clock;
    check_addresses(*config, report);
    check_data_directory(*config, report);
    check_secrets(*config, request.variables, report);
    check_tls(*config, clock, report);
    check_store(*config, clock, report);
    check_machine(report);
    check_server(*config, report);
    check_mail(*config, report);
    check_issuers(*config, report);
    check_webhooks(*config, report);
  }
  report.print(request.form, out);
  return report.is_clean() ? 0 : 1;
}

}  // namespace rescind
