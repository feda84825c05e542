#include "domain/device_label.h"

#include <array>

namespace rescind {
namespace {

constexpr std::size_t kMaxProgramBytes = 32;

struct Sign {
  std::string_view text;  // that appears in the field
  std::string_view name;
};

// The first that appears counts: nearly all say Chrome and Safari, too, and many say Mac OS X or Linux.
constexpr std::array kBrowsers = {
    Sign{"Edg/", "Edge"},
    Sign{"EdgA/", "Edge"},
    Sign{"EdgiOS/", "Edge"},
    Sign{"Edge/", "Edge"},
    Sign{"OPR/", "Opera"},
    Sign{"OPiOS/", "Opera"},
    Sign{"OPT/", "Opera"},
    Sign{"SamsungBrowser/", "Samsung Internet"},
    Sign{"Vivaldi/", "Vivaldi"},
    Sign{"YaBrowser/", "Yandex Browser"},
    Sign{"UCBrowser/", "UC Browser"},
    Sign{"DuckDuckGo/", "DuckDuckGo"},
    Sign{"Ddg/", "DuckDuckGo"},
    Sign{"Brave/", "Brave"},
    Sign{"SeaMonkey/", "SeaMonkey"},
    Sign{"FxiOS/", "Firefox"},
    Sign{"Firefox/", "Firefox"},
    Sign{"CriOS/", "Chrome"},
    Sign{"HeadlessChrome/", "Headless Chrome"},
    Sign{"Chromium/", "Chromium"},
    Sign{"Electron/", "Electron"},
    Sign{"Chrome/", "Chrome"},
    Sign{"Safari/", "Safari"},
    Sign{"Trident/", "Internet Explorer"},
    Sign{"MSIE ", "Internet Explorer"},
};

constexpr std::array kSystems = {
    Sign{"iPhone", "iPhone"}, Sign{"iPad", "iPad"},       Sign{"iPod", "iPod"},       Sign{"Android", "Android"},
    Sign{"CrOS", "ChromeOS"}, Sign{"Windows", "Windows"}, Sign{"Macintosh", "macOS"}, Sign{"Mac OS X", "macOS"},
    Sign{"macOS", "macOS"},   Sign{"iOS", "iOS"},         Sign{"FreeBSD", "FreeBSD"}, Sign{"OpenBSD", "OpenBSD"},
    Sign{"Linux", "Linux"},   Sign{"X11", "Unix"},
};

// Brands of Sec-CH-UA. Of one list the first here counts: whoever is built on Chromium says so, too.
constexpr std::array kBrands = {
    Sign{"Microsoft Edge", "Edge"},   Sign{"Brave", "Brave"},
    Sign{"Opera", "Opera"},           Sign{"Opera GX", "Opera"},
    Sign{"Vivaldi", "Vivaldi"},       Sign{"YaBrowser", "Yandex Browser"},
    Sign{"Yandex", "Yandex Browser"}, Sign{"Samsung Internet", "Samsung Internet"},
    Sign{"DuckDuckGo", "DuckDuckGo"}, Sign{"HeadlessChrome", "Headless Chrome"},
    Sign{"Google Chrome", "Chrome"},  Sign{"Chromium", "Chromium"},
};

constexpr std::array kPlatforms = {
    Sign{"Windows", "Windows"},      Sign{"macOS", "macOS"}, Sign{"Android", "Android"}, Sign{"Chrome OS", "ChromeOS"},
    Sign{"Chromium OS", "ChromeOS"}, Sign{"iOS", "iOS"},     Sign{"Linux", "Linux"},
};

template <std::size_t N>
std::string_view find_sign(const std::array<Sign, N>& signs, std::string_view field) {
  for (const Sign& sign : signs) {
    if (field.find(sign.text) != std::string_view::npos) return sign.name;
  }
  return {};
}

// A string of a structured field (RFC 8941 section 3.3.3) that is one of the table. None of these needs an escape.
template <std::size_t N>
std::string_view find_quoted(const std::array<Sign, N>& signs, std::string_view field) {
  for (const Sign& sign : signs) {
    const std::string quoted = '"' + std::string(sign.text) + '"';
    if (field.find(quoted) != std::string_view::npos) return sign.name;
  }
  return {};
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
}

// "curl" of "curl/8.5.0", "till" of "till/1.2 (iPhone; iOS 17.1)": programs name themselves first (RFC 9110 section 10.1.5).
std::string_view find_program(std::string_view agent) {
  std::size_t length = 0;
  while (length < agent.size() && is_word(agent[length])) ++length;
  const std::string_view word = agent.substr(0, length);
  const bool is_product = length == agent.size() || agent[length] == '/' || agent[length] == ' ';
  return is_product && length <= kMaxProgramBytes && word != "Mozilla" ? word : std::string_view();
}

std::string_view find_browser(const AgentFields& fields) {
  if (const auto brand = find_quoted(kBrands, fields.brands); !brand.empty()) return brand;
  if (const auto program = find_program(fields.user_agent); !program.empty()) return program;
  return find_sign(kBrowsers, fields.user_agent);
}

std::string_view find_system(const AgentFields& fields) {
  if (const auto platform = find_quoted(kPlatforms, fields.platform); !platform.empty()) return platform;
  return find_sign(kSystems, fields.user_agent);
}

}  // namespace

std::string device_label(const AgentFields& fields) {
  const std::string_view browser = find_browser(fields);
  const std::string_view system = find_system(fields);
  if (browser.empty() || system.empty()) return std::string(browser.empty() ? system : browser);
  return std::string(browser) + " on " + std::string(system);
}

}  // namespace rescind
