// What `rescind doctor` has found.
#ifndef RESCIND_MAIN_DOCTOR_REPORT_H_
#define RESCIND_MAIN_DOCTOR_REPORT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/console.h"

namespace rescind {

enum class Severity : std::uint8_t {
  kProblem,  // the server does not start, or does not do what is promised
  kWarning,  // it works, and probably not as meant
  kNote,     // worth knowing; nothing is wrong
};

struct Finding {
  Severity severity = Severity::kProblem;
  std::string_view name;  // stable, for programs: "disk_full"
  std::string what;
  std::string means;
  std::string remedy;
};

class Report {
 public:
  void add(Finding finding) { findings_.push_back(std::move(finding)); }
  void add_good(std::string what) { good_.push_back(std::move(what)); }

  bool is_clean() const;  // nothing but notes
  void print(OutputForm form, std::ostream& out) const;

 private:
  std::vector<Finding> findings_;
  std::vector<std::string> good_;
};

}  // namespace rescind

#endif  // RESCIND_MAIN_DOCTOR_REPORT_H_
