// `rescind serve`: the composition root. Everything is wired here, by constructor, and nowhere else.
#ifndef RESCIND_MAIN_SERVE_H_
#define RESCIND_MAIN_SERVE_H_

#include "base/error.h"
#include "base/secret.h"
#include "main/config.h"

namespace rescind {

// Serves until SIGTERM or SIGINT, then lets requests that have begun finish. A second signal ends the process at once.
// Fails, before anything is listened on, where keys, store or address cannot be had.
// `admin_key` is the environment's; empty: the one in the data directory, made where there is none.
Result<void> serve(const Config& config, Secret admin_key);

}  // namespace rescind

#endif  // RESCIND_MAIN_SERVE_H_
