#include "http/client_address.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>

#include "http/fields.h"

namespace rescind {

namespace ip = boost::asio::ip;

namespace {

constexpr int kMappedPrefix = 96;  // of ::ffff:0:0/96 (RFC 4291 section 2.5.5.2)

// An IPv4 address that is written as an IPv6 one is the IPv4 address: else all of them would be one network to the limits of
// attempts, and no trusted block of IPv4 would hold them.
std::optional<ip::address> parse_address(std::string_view text) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(text, error);
  if (error) return std::nullopt;
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// As proxies write it: an address, and behind an IPv4 one or one in brackets perhaps a port (Azure's write it always).
std::optional<ip::address> parse_forwarded(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (text.starts_with('[')) {
    if (colon != std::string_view::npos && colon > 0 && text[colon - 1] == ']' && is_port(text.substr(colon + 1))) {
      text = text.substr(0, colon);
    }
    if (!text.ends_with(']')) return std::nullopt;
    text = text.substr(1, text.size() - 2);
    return text.find(':') == std::string_view::npos ? std::nullopt : parse_address(text);
  }
  const bool is_v4_with_port = colon != std::string_view::npos && text.find(':') == colon && is_port(text.substr(colon + 1));
  return parse_address(is_v4_with_port ? text.substr(0, colon) : text);
}

}  // namespace

struct ClientAddress::Networks {
  std::vector<ip::network_v4> v4;
  std::vector<ip::network_v6> v6;

  bool contain(const ip::address& address) const {
    if (address.is_v4()) {
      const ip::address_v4 host = address.to_v4();
      for (const auto& network : v4) {
        if (ip::network_v4(host, network.prefix_length()).canonical() == network.canonical()) return true;
      }
      return false;
    }
    const ip::address_v6 host = address.to_v6();
    for (const auto& network : v6) {
      if (ip::network_v6(host, network.prefix_length()).canonical() == network.canonical()) return true;
    }
    return false;
  }
};

ClientAddress::ClientAddress(std::unique_ptr<const Networks> trusted) : trusted_(std::move(trusted)) {}
ClientAddress::~ClientAddress() = default;
ClientAddress::ClientAddress(ClientAddress&&) noexcept = default;

Result<ClientAddress> ClientAddress::create(const std::vector<std::string>& trusted_proxies) {
  auto networks = std::make_unique<Networks>();
  for (const std::string& text : trusted_proxies) {
    boost::system::error_code error;
    if (const auto v4 = ip::make_network_v4(text, error); !error) {
      networks->v4.push_back(v4);
    } else if (const auto v6 = ip::make_network_v6(text, error); !error) {
      if (v6.address().is_v4_mapped() && v6.prefix_length() >= kMappedPrefix) {
        networks->v4.emplace_back(ip::make_address_v4(ip::v4_mapped, v6.address()), v6.prefix_length() - kMappedPrefix);
      } else {
        networks->v6.push_back(v6);
      }
    } else if (const std::optional<ip::address> address = parse_address(text)) {
      if (address->is_v4()) networks->v4.emplace_back(address->to_v4(), static_cast<unsigned short>(32));
      if (address->is_v6()) networks->v6.emplace_back(address->to_v6(), static_cast<unsigned short>(128));
    } else {
      return fail(ErrorCode::kInvalidRequest, "\"" + text + "\" is neither an address nor a CIDR block");
    }
  }
  return ClientAddress(std::unique_ptr<const Networks>(std::move(networks)));
}

std::string ClientAddress::of(const Request& request) const {
  if (trusted_->v4.empty() && trusted_->v6.empty()) return std::string(request.peer_address);
  const std::optional<ip::address> peer = parse_address(request.peer_address);
  if (!peer) return std::string(request.peer_address);
  ip::address current = *peer;
  for (std::size_t i = request.headers.size(); i-- > 0 && trusted_->contain(current);) {
    const HeaderField& field = request.headers[i];
    if (!equal_without_case(field.name, "X-Forwarded-For")) continue;
    std::string_view rest = field.value;
    while (!rest.empty() && trusted_->contain(current)) {
      const std::size_t comma = rest.rfind(',');
      std::string_view last = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
      while (!last.empty() && last.front() == ' ') last.remove_prefix(1);
      while (!last.empty() && last.back() == ' ') last.remove_suffix(1);
      const std::optional<ip::address> next = parse_forwarded(last);
      if (!next) return current.to_string();
      current = *next;
    }
  }
  return current.to_string();
}

}  // namespace rescind
