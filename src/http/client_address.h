// Whose address a request comes from, where proxies stand in between.
#ifndef RESCIND_HTTP_CLIENT_ADDRESS_H_
#define RESCIND_HTTP_CLIENT_ADDRESS_H_

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "http/message.h"

namespace rescind {

// Immutable.
class ClientAddress {
 public:
  // CIDR blocks or single addresses. kInvalidRequest where one is neither.
  static Result<ClientAddress> create(const std::vector<std::string>& trusted_proxies);
  ~ClientAddress();
  ClientAddress(ClientAddress&&) noexcept;

  // The connection's peer; where that is a trusted proxy, the last address of X-Forwarded-For that is not one. What stands
  // further left was written by the client and never counts. A port behind an address is left out, and an IPv4 address that is
  // written as an IPv6 one (::ffff:192.0.2.1) is the IPv4 address, here and in the list of proxies.
  std::string of(const Request& request) const;

 private:
  struct Networks;
  explicit ClientAddress(std::unique_ptr<const Networks> trusted);
  std::unique_ptr<const Networks> trusted_;
};

}  // namespace rescind

#endif  // RESCIND_HTTP_CLIENT_ADDRESS_H_
