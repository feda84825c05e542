#include "cli/asking.h"

#include <fstream>

#include "cli/table.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxInputBytes = 64 * 1024;

// One byte more than may be there, so that too much is seen.
std::string read_bounded(std::istream& in) {
  std::string text(kMaxInputBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

CommandResult<Secret> read_secret_input(Console& console, const std::string& path) {
  const bool is_standard_input = path == "-";
  const std::string name = is_standard_input ? "standard input" : path;
  std::string text;
  if (is_standard_input) {
    text = read_bounded(console.streams.in);
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) return command_failed(ExitCode::kUsage, "cannot read " + name);
    text = read_bounded(file);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return command_failed(ExitCode::kUsage, "there is nothing in " + name);
  if (text.size() > kMaxInputBytes) return command_failed(ExitCode::kUsage, name + " is longer than 64 KiB");
  return Secret(std::move(text));
}

CommandResult<void> confirm(Console& console, Consent consent, const std::string& question) {
  if (consent == Consent::kGiven) return {};
  console.streams.err << make_harmless(question) << " Type yes: " << std::flush;
  std::string line;
  std::getline(console.streams.in, line);
  if (line == "yes") return {};
  return command_failed(ExitCode::kRefused, "nothing was done, for the answer was not \"yes\" (--yes does not ask)");
}

std::vector<std::string> split_commas(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    items.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

}  // namespace rescind
