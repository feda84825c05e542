// Whatever stands in the file, a variable or a flag: an answer, never a crash.
#include <cstddef>
#include <cstdint>

#include "main/config.h"
#include "main/quantity.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)rescind::parse_duration(text);
  (void)rescind::parse_size(text);
  (void)rescind::parse_config(rescind::ConfigSources{rescind::ConfigFile{"fuzz.toml", text}, {}, {}});
  (void)rescind::parse_config(rescind::ConfigSources{{}, {{"RESCIND_SERVER_PUBLIC_URL", text}}, {{"--server.listen", text}}});
  return 0;
}
