#include "main/setting_values.h"

#include <arpa/inet.h>

#include <algorithm>

namespace rescind {
namespace {

constexpr std::size_t kMaxNameBytes = 32;

std::string range_problem(std::string_view what, Bounds<std::string_view> bounds) {
  return "is not a " + std::string(what) + " from " + std::string(bounds.least) + " to " + std::string(bounds.most);
}

bool is_ip_address(int family, const std::string& text) {
  in6_addr address;  // room for both families
  return inet_pton(family, text.c_str(), &address) == 1 && text.find('\0') == std::string::npos;
}

}  // namespace

Problem set_duration(std::string_view text, Bounds<std::string_view> bounds, std::chrono::milliseconds& out) {
  const auto duration = parse_duration(text);
  if (!duration || duration < parse_duration(bounds.least) || duration > parse_duration(bounds.most)) {
    return range_problem("duration", bounds);
  }
  out = *duration;
  return std::nullopt;
}

Problem set_duration(std::string_view text, Bounds<std::string_view> bounds, std::chrono::seconds& out) {
  std::chrono::milliseconds duration{0};
  if (Problem problem = set_duration(text, bounds, duration)) return problem;
  if (duration % std::chrono::seconds(1) != std::chrono::milliseconds(0)) return "is not in whole seconds";
  out = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return std::nullopt;
}

Problem set_visible(std::string_view text, std::size_t max_bytes, std::string& out) {
  const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (text.empty() || text.size() > max_bytes || !std::ranges::all_of(text, is_visible)) {
    return "is not 1 to " + std::to_string(max_bytes) + " visible ASCII characters";
  }
  out = text;
  return std::nullopt;
}

Problem set_name(std::string_view text, std::string& out) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  if (text.empty() || text.size() > kMaxNameBytes || !std::ranges::all_of(text, is_plain)) {
    return "is not 1 to 32 of a-z, 0-9, - and _";
  }
  out = text;
  return std::nullopt;
}

Problem set_kibibytes(std::string_view text, Bounds<std::string_view> bounds, std::uint32_t& out) {
  const auto size = parse_size(text);
  if (!size || size < parse_size(bounds.least) || size > parse_size(bounds.most)) return range_problem("size", bounds);
  if (*size % 1024 != 0) return "is not in whole KiB";
  out = static_cast<std::uint32_t>(*size / 1024);
  return std::nullopt;
}

Problem number_problem(Bounds<std::uint64_t> bounds) {
  return "is not a number from " + std::to_string(bounds.least) + " to " + std::to_string(bounds.most);
}

Problem set_listen_address(std::string_view text, ListenAddress& out) {
  const std::string wanted = "is not HOST:PORT with an IP address (IPv6 in brackets) or localhost";
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wanted;
  const auto port = parse_number(text.substr(colon + 1), 65'535);
  std::string host(text.substr(0, colon));
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool known = bracketed ? is_ip_address(AF_INET6, host) : host == "localhost" || is_ip_address(AF_INET, host);
  if (!port || !known) return wanted;
  out = ListenAddress{std::move(host), static_cast<std::uint16_t>(*port)};
  return std::nullopt;
}

Problem set_store(std::string_view text, StoreConfig& out) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (text == "memory:") {
    out.kind = StoreKind::kMemory;
    out.path.clear();
    return std::nullopt;
  }
  if (!text.starts_with(kSqlite) || text.size() == kSqlite.size()) return "is neither memory: nor sqlite:PATH";
  out.kind = StoreKind::kSqlite;
  out.path = text.substr(kSqlite.size());
  return std::nullopt;
}

}  // namespace rescind
