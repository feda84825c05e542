// What the wire hands requests to.
#ifndef RESCIND_HTTP_HANDLER_H_
#define RESCIND_HTTP_HANDLER_H_

#include "base/async.h"
#include "http/message.h"

namespace rescind {

// Thread-safety: any thread may call any member.
class Handler {
 public:
  virtual ~Handler() = default;

  // Answers at once what needs no store (/verify): the hot path, with no coroutine. `response` is clear, and its storage that
  // of answers before. False, and nothing written: call answer().
  virtual bool try_answer(const Request& request, Response& response) = 0;

  virtual Task<Response> answer(const Request& request) = 0;
};

}  // namespace rescind

#endif  // RESCIND_HTTP_HANDLER_H_
