#include "bench/server/filled_tokens.h"

#include "base/clock.h"
#include "base/random.h"
#include "bench/server/fill_store.h"
#include "bench/server/load_client.h"
#include "bench/server/work_directory.h"
#include "token/key_ring.h"

namespace rescind::bench {
namespace {

Secret refresh_key(const std::string& data) {
  SystemRandom random;
  auto keys = KeyRing::load_or_create(KeyPlace{data}, KeyPolicy{}, {}, SystemClock().wall_now(), random);
  if (!keys) give_up("cannot read the server's keys");
  return keys->server_keys().refresh_keys.front().key;
}

}  // namespace

FilledTokens::FilledTokens(const std::string& data) : tokens_(refresh_key(data)) {}

std::string FilledTokens::refresh_request(std::uint64_t number, std::uint64_t generation) const {
  const Secret token = tokens_.encode({filled_session(number), generation});
  return make_request("POST", "/auth/refresh", "", R"({"refresh_token":")" + std::string(token.reveal()) + R"("})");
}

}  // namespace rescind::bench
