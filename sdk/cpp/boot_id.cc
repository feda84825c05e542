#include "sdk/cpp/boot_id.h"

#include <fstream>
#include <string>

namespace rescind {

std::optional<HostId> read_boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  if (!std::getline(file, text)) return std::nullopt;
  std::erase(text, '-');
  HostId id{};
  if (text.size() != 2 * id.size() || text.find_first_not_of("0123456789abcdef") != text.npos) return std::nullopt;
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(std::stoi(text.substr(2 * i, 2), nullptr, 16));
  return id;
}

}  // namespace rescind
