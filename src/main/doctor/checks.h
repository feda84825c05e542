// The checks of `rescind doctor`. Each looks at one part of a set-up and adds to the report; none depends on another.
#ifndef RESCIND_MAIN_DOCTOR_CHECKS_H_
#define RESCIND_MAIN_DOCTOR_CHECKS_H_

#include <vector>

#include "base/clock.h"
#include "main/config.h"
#include "main/doctor/report.h"

namespace rescind {

void check_addresses(const Config& config, Report& report);       // settings that are right, and odd together
void check_data_directory(const Config& config, Report& report);  // modes, owner, kind of file system, room
void check_secrets(const Config& config, const std::vector<NamedText>& variables, Report& report);
void check_tls(const Config& config, const Clock& clock, Report& report);    // the certificate: readable, its time, its name
void check_store(const Config& config, const Clock& clock, Report& report);  // version, and its time against ours
void check_machine(Report& report);                                          // clock, file descriptors
void check_server(const Config& config, Report& report);                     // who listens there, and is it well
void check_mail(const Config& config, Report& report);
void check_issuers(const Config& config, Report& report);
void check_webhooks(const Config& config, Report& report);

}  // namespace rescind

#endif  // RESCIND_MAIN_DOCTOR_CHECKS_H_
