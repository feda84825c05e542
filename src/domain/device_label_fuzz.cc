// Whatever a client says of itself: the label is printable and bounded.
#include <cstdint>
#include <cstdlib>

#include "domain/device_label.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rescind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t first = text.find('\n');
  const std::string_view rest = first == text.npos ? std::string_view() : text.substr(first + 1);
  const std::size_t second = rest.find('\n');
  const AgentFields fields{text.substr(0, first), rest.substr(0, second),
                           second == rest.npos ? std::string_view() : rest.substr(second + 1)};
  const std::string label = device_label(fields);
  if (label.size() > kMaxDeviceLabelBytes) std::abort();
  for (const char c : label) {
    if (c < ' ' || c > '~') std::abort();
  }
  return 0;
}
