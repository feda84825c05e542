#include "http/client_address.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "http/fields.h"

namespace rescind {

namespace ip = boost::asio::ip;

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
      networks->v6.push_back(v6);
    } else if (const auto address = ip::make_address(text, error); !error) {
      if (address.is_v4()) networks->v4.emplace_back(address.to_v4(), static_cast<unsigned short>(32));
      if (address.is_v6()) networks->v6.emplace_back(address.to_v6(), static_cast<unsigned short>(128));
    } else {
      return fail(ErrorCode::kInvalidRequest, "\"" + text + "\" is neither an address nor a CIDR block");
    }
  }
  return ClientAddress(std::unique_ptr<const Networks>(std::move(networks)));
}

std::string ClientAddress::of(const Request& request) const {
  boost::system::error_code error;
  ip::address current = ip::make_address(request.peer_address, error);
  if (error) return std::string(request.peer_address);
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
      const ip::address next = ip::make_address(last, error);
      if (error) return current.to_string();
      current = next;
    }
  }
  return current.to_string();
}

}  // namespace rescind
