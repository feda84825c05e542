#include "main/doctor/report.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "cli/table.h"

namespace rescind {
namespace {

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::kProblem: return "problem";
    case Severity::kWarning: return "warning";
    case Severity::kNote: return "note";
  }
  return "";
}

void print_json(const std::vector<Finding>& findings, const std::vector<std::string>& good, std::ostream& out) {
  boost::json::array list;
  for (const Finding& finding : findings) {
    list.push_back(boost::json::object{{"severity", name_of(finding.severity)},
                                       {"name", finding.name},
                                       {"what", make_harmless(finding.what)},
                                       {"means", finding.means},
                                       {"remedy", finding.remedy}});
  }
  boost::json::array good_list;
  for (const std::string& what : good) good_list.emplace_back(make_harmless(what));
  out << boost::json::serialize(boost::json::object{{"findings", std::move(list)}, {"good", std::move(good_list)}}) << "\n";
}

}  // namespace

bool Report::is_clean() const {
  return std::ranges::all_of(findings_, [](const Finding& finding) { return finding.severity == Severity::kNote; });
}

void Report::print(OutputForm form, std::ostream& out) const {
  if (form == OutputForm::kJson) return print_json(findings_, good_, out);
  for (const std::string& what : good_) out << "good     " << make_harmless(what) << "\n";
  for (const Finding& finding : findings_) {
    std::string label = name_of(finding.severity);
    label.resize(9, ' ');
    out << label << make_harmless(finding.what) << " (" << finding.name << ")\n";
    out << "         " << make_harmless(finding.means) << "\n         Do: " << make_harmless(finding.remedy) << "\n";
  }
  out << (is_clean() ? "Nothing is wrong.\n" : "");
}

}  // namespace rescind
