// Rows by the million, written into a database of the real schema without the server.
#ifndef RESCIND_BENCH_SERVER_FILL_STORE_H_
#define RESCIND_BENCH_SERVER_FILL_STORE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/ids.h"

namespace rescind::bench {

// The id of the `number`th session that fill_sessions() makes; spread as random ones are.
SessionId filled_session(std::uint64_t number);
// Of its user; ten sessions have one.
std::string filled_user(std::uint64_t number);

// Makes the database, where there is none, as the server does: revocations of tokens, sessions and users, a third each. `lives`
// may be negative: expired so long ago.
void fill_revocations(const std::string& database, std::size_t count, std::chrono::seconds lives);
// The sessions numbered `first`, first + 1, …; `first` is a multiple of ten.
void fill_sessions(const std::string& database, std::uint64_t first, std::size_t count, std::chrono::seconds lives);

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_SERVER_FILL_STORE_H_
