// Refresh tokens of the sessions that fill_sessions() made, as the server itself would write them.
#ifndef RESCIND_BENCH_SERVER_FILLED_TOKENS_H_
#define RESCIND_BENCH_SERVER_FILLED_TOKENS_H_

#include <cstdint>
#include <string>

#include "token/refresh_token.h"

namespace rescind::bench {

class FilledTokens {
 public:
  // With the key in the server's data directory, once it has been started there.
  explicit FilledTokens(const std::string& data);

  // The whole text of a POST /auth/refresh of the `number`th session.
  std::string refresh_request(std::uint64_t number, std::uint64_t generation) const;

 private:
  RefreshTokenCodec tokens_;
};

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_SERVER_FILLED_TOKENS_H_
