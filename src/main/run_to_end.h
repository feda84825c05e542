// What has to be done before anything is answered.
#ifndef RESCIND_MAIN_RUN_TO_END_H_
#define RESCIND_MAIN_RUN_TO_END_H_

#include "base/async.h"
#include "base/error.h"

namespace rescind {

// The task, in the calling thread, which waits for its end.
Result<void> run_to_end(Task<Result<void>> task);

}  // namespace rescind

#endif  // RESCIND_MAIN_RUN_TO_END_H_
