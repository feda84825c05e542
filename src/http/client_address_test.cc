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

TEST(ClientAddress, AnIpv4AddressWrittenAsIpv6IsTheIpv4Address) {
  EXPECT_EQ(address_of("10.1.2.3", {"::ffff:203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(address_of("10.1.2.3", {"::ffff:cb00:7109"}), "203.0.113.9");
  EXPECT_EQ(address_of("10.1.2.3", {"6.6.6.6, ::ffff:203.0.113.9, ::ffff:10.9.9.9"}), "203.0.113.9");
  EXPECT_EQ(address_of("::ffff:10.1.2.3", {"203.0.113.9"}), "203.0.113.9");
  EXPECT_EQ(address_of("::ffff:198.51.100.1", {"203.0.113.9"}), "198.51.100.1");
  EXPECT_EQ(address_of("10.1.2.3", {"::203.0.113.9"}), "::203.0.113.9") << "which is another thing (RFC 4291 section 2.5.5.1)";
}

TEST(ClientAddress, APortBehindTheAddressIsLeftOut) {
  struct {
    const char* forwarded;
    const char* address;
  } const rows[] = {
      {"203.0.113.9:49152", "203.0.113.9"},
      {"6.6.6.6:1, 203.0.113.9:49152, 10.9.9.9:80", "203.0.113.9"},
      {"[2001:db9::7]:49152", "2001:db9::7"},
      {"[2001:db9::7]", "2001:db9::7"},
      {"[::ffff:203.0.113.9]:1", "203.0.113.9"},
      {"2001:db9::7:1", "2001:db9::7:1"},  // without brackets it is no port
      {"203.0.113.9:", "10.1.2.3"},
      {"203.0.113.9:x", "10.1.2.3"},
      {"203.0.113.9:123456", "10.1.2.3"},
      {"203.0.113.9:1:2", "10.1.2.3"},
      {"[203.0.113.9]:1", "10.1.2.3"},
      {"[2001:db9::7", "10.1.2.3"},
      {"[2001:db9::7]x", "10.1.2.3"},
      {"[2001:db9::7]:", "10.1.2.3"},
      {"[]", "10.1.2.3"},
      {"[", "10.1.2.3"},
      {":80", "10.1.2.3"},
  };
  for (const auto& row : rows) EXPECT_EQ(address_of("10.1.2.3", {row.forwarded}), row.address) << row.forwarded;
}

TEST(ClientAddress, TheListOfProxiesTakesIpv4WrittenAsIpv6) {
  for (const char* trusted : {"::ffff:10.1.2.3", "::ffff:10.0.0.0/104", "::ffff:10.1.2.3/128"}) {
    Result<ClientAddress> addresses = ClientAddress::create({trusted});
    ASSERT_TRUE(addresses) << trusted;
    RequestBuilder builder;
    builder.peer("10.1.2.3").header("X-Forwarded-For", "203.0.113.9");
    EXPECT_EQ(addresses->of(builder.build()), "203.0.113.9") << trusted;
  }
}

TEST(ClientAddress, WithoutTheHeaderItIsThePeer) { EXPECT_EQ(address_of("10.1.2.3", {}), "10.1.2.3"); }

TEST(ClientAddress, TheListTakesAddressesAndBlocksOnly) {
  for (const char* text : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "::/129"})
    EXPECT_FALSE(ClientAddress::create({text})) << text;
}

}  // namespace
}  // namespace rescind
