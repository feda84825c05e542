// `rescind serve`: the composition root. Everything is wired here, by constructor, and nowhere else.
#ifndef RESCIND_MAIN_SERVE_H_
#define RESCIND_MAIN_SERVE_H_

#include "base/error.h"
#include "base/secret.h"
#include "main/config.h"

namespace rescind {

// Of the variables RESCIND_ADMIN_KEY and RESCIND_MASTER_SECRET; empty where there is none.
struct EnvironmentSecrets {
  Secret admin_key;
  Secret master_secret;
};

// Serves until SIGTERM or SIGINT, then lets requests that have begun finish. A second signal ends the process at once.
// Fails, before anything is listened on, where keys, store or address cannot be had. Without an admin key of the environment's
// it is the one in the data directory, made where there is none.
Result<void> serve(const Config& config, EnvironmentSecrets environment);

}  // namespace rescind

#endif  // RESCIND_MAIN_SERVE_H_
