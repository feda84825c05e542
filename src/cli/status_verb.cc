// rescind status: is it there, and does it answer from a fresh memory?
#include <CLI/CLI.hpp>
#include <sstream>

#include "cli/admin_client.h"
#include "cli/printing.h"
#include "cli/verbs.h"

namespace rescind {
namespace {

// "NAME VALUE" of the Prometheus text format; null where it is not there.
boost::json::value metric_value(const std::string& metrics, const std::string& name) {
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name + " ")) continue;
    double value = 0;
    if (std::istringstream(line.substr(name.size())) >> value) return static_cast<std::int64_t>(value);
  }
  return nullptr;
}

// What stands in NAME{name="…"} VALUE, by that name.
boost::json::object values_by_name(const std::string& metrics, const std::string& name) {
  boost::json::object values;
  const std::string start = name + "{name=\"";
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(start)) continue;
    const std::string label = line.substr(start.size(), line.find('"', start.size()) - start.size());
    values[label] = metric_value(line, line.substr(0, line.rfind(' ')));
  }
  return values;
}

CommandResult<void> show_status(Console& console) {
  const auto ready = console.server.get_text("/readyz");
  if (!ready) return Unexpected(ready.error());
  const auto metrics = console.server.get_text("/metrics");
  if (!metrics) return Unexpected(metrics.error());
  const bool is_ready = ready->status == 200;
  print_object(console, {{"server", console.server.url()},
                         {"ready", is_ready},
                         {"lease_live", metric_value(metrics->body, "rescind_lease_live") == boost::json::value(1)},
                         {"revocations_live", metric_value(metrics->body, "rescind_revocations_live")},
                         {"webhook_backlog", values_by_name(metrics->body, "rescind_webhook_backlog")},
                         {"program_here", RESCIND_VERSION}});
  if (!is_ready) return command_failed(ExitCode::kRefused, "the server is not ready: it refuses every token for now");
  return {};
}

}  // namespace

void add_status_verb(Verbs& verbs, CLI::App& app) {
  verbs.add(app, {"status", "Is the server ready? Exit code 0 where it is.", "  rescind status --json"}, show_status);
}

}  // namespace rescind
