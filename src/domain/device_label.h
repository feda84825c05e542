// "Firefox on Linux": what a person calls a device, from what its browser says of itself. A guess for a list, and no more:
// nothing is ever decided by it.
#ifndef RESCIND_DOMAIN_DEVICE_LABEL_H_
#define RESCIND_DOMAIN_DEVICE_LABEL_H_

#include <string>
#include <string_view>

namespace rescind {

// As sent; empty where a field is not there. The hints (W3C User-Agent Client Hints) count before the User-Agent, which newer
// browsers fill with what others once were.
struct AgentFields {
  std::string_view user_agent;  // User-Agent
  std::string_view brands;      // Sec-CH-UA
  std::string_view platform;    // Sec-CH-UA-Platform
};

// Browser or program, and system: "Chrome on Android", "curl", "macOS"; empty where nothing is known. Printable ASCII, at most
// kMaxDeviceLabelBytes: names of our own table, or the first word of a User-Agent that is no browser's.
std::string device_label(const AgentFields& fields);

inline constexpr std::size_t kMaxDeviceLabelBytes = 64;

}  // namespace rescind

#endif  // RESCIND_DOMAIN_DEVICE_LABEL_H_
