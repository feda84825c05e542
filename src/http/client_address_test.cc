#include "http/client_address.h"

#include <gtest/gtest.h>

#include "http/testing/request_builder.h"

namespace rescind {
namespace {

std::string address_of(const std::string& peer, std::vector<std::string> forwarded) {
  Result<ClientAddress> addresses = ClientAddress::create({"10.0.0.0/8", "2001:db8::/32", "127.0.0.1"});
  RequestBuilder builder;
  builder.peer(peer);
  for (std::string& value : forwarded) builder.header("X-Forwarded-For", std::move(value));
  return addresses->of(builder.build());
}

TEST(ClientAddress, AStrangersHeaderNeverCounts) { EXPECT_EQ(address_of("198.51.100.1", {"203.0.113.9"}), "198.51.100.1"); }

TEST(ClientAddress, BehindATrustedProxyTheLastStrangerCounts) {
  EXPECT_EQ(address_of("10.1.2.3", {"203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(address_of("10.1.2.3", {"6.6.6.6, 203.0.113.9, 10.9.9.9"}), "203.0.113.9");
  EXPECT_EQ(address_of("127.0.0.1", {"6.6.6.6", "203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(address_of("2001:db8::1", {"2001:db9::7"}), "2001:db9::7");
}

TEST(ClientAddress, WhatIsNoAddressEndsTheSearch) {
  EXPECT_EQ(address_of("10.1.2.3", {"6.6.6.6, unknown"}), "10.1.2.3");
  EXPECT_EQ(address_of("10.1.2.3", {"6.6.6.6, junk, 10.0.0.2"}), "10.0.0.2");
  EXPECT_EQ(address_of("10.1.2.3", {""}), "10.1.2.3");
}

TEST(ClientAddress, WithoutTheHeaderItIsThePeer) { EXPECT_EQ(address_of("10.1.2.3", {}), "10.1.2.3"); }

TEST(ClientAddress, TheListTakesAddressesAndBlocksOnly) {
  for (const char* text : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "::/129"})
    EXPECT_FALSE(ClientAddress::create({text})) << text;
}

}  // namespace
}  // namespace rescind
