// HMAC-SHA256 (RFC 2104) of one key, prepared: the states of the two hashes behind the padded key are kept, so that a MAC costs
// its message and one block more. OpenSSL's own HMAC, started again with its key, takes half as long again.
#ifndef RESCIND_VERIFY_HMAC_SHA256_H_
#define RESCIND_VERIFY_HMAC_SHA256_H_

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace rescind {

// Thread-safety: immutable. The state that is derived from the key is wiped at the end.
class HmacSha256 {
 public:
  explicit HmacSha256(std::span<const std::uint8_t> key);
  ~HmacSha256();
  HmacSha256(HmacSha256&&) noexcept;

  std::array<std::uint8_t, 32> mac_of(std::string_view message) const;

 private:
  struct States;
  std::unique_ptr<States> states_;
};

}  // namespace rescind

#endif  // RESCIND_VERIFY_HMAC_SHA256_H_
