// `rescind doctor`: reads the configuration as `rescind serve` would and says what is wrong with the set-up, what each finding
// means and what to do. Nothing is changed, no mail is sent, and a running server is only asked what everybody may ask.
#ifndef RESCIND_MAIN_DOCTOR_DOCTOR_H_
#define RESCIND_MAIN_DOCTOR_DOCTOR_H_

#include <string>
#include <vector>

#include "cli/console.h"
#include "main/config.h"

namespace rescind {

struct DoctorRequest {
  std::string config_path;
  std::vector<NamedText> variables;
  std::vector<NamedText> flags;
  OutputForm form = OutputForm::kTable;
};

// 0 where nothing but notes was found, else 1.
int run_doctor(const DoctorRequest& request, std::ostream& out);

}  // namespace rescind

#endif  // RESCIND_MAIN_DOCTOR_DOCTOR_H_
