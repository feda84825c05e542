// The bare signature check in the fastest way that OpenSSL offers: everything is prepared, nothing is fetched, copied or
// allocated by us, and nothing else is looked at. What the whole check is measured against.
#ifndef RESCIND_BENCH_LIB_OPENSSL_BASELINE_H_
#define RESCIND_BENCH_LIB_OPENSSL_BASELINE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rescind::bench {

// One thread.
class OpensslBaseline {
 public:
  // One of the ways that OpenSSL has; the fastest counts.
  struct Way {
    std::string name;
    bool (OpensslBaseline::*check)(std::size_t token);
  };

  // `tokens` are ES256 tokens signed with the key of `pem`.
  static OpensslBaseline es256(std::string_view pem, const std::vector<std::string>& tokens);
  static OpensslBaseline hs256(std::string_view secret, const std::vector<std::string>& tokens);
  OpensslBaseline(OpensslBaseline&&) noexcept;
  ~OpensslBaseline();

  const std::vector<Way>& ways() const { return ways_; }

 private:
  struct State;
  OpensslBaseline();
  bool evp_verify(std::size_t token);
  bool ecdsa_verify(std::size_t token);
  bool evp_mac(std::size_t token);
  bool hmac(std::size_t token);

  std::unique_ptr<State> state_;
  std::vector<Way> ways_;
};

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_LIB_OPENSSL_BASELINE_H_
