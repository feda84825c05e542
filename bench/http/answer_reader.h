// Where one HTTP answer ends, for answers as the measured servers give them.
#ifndef RESCIND_BENCH_HTTP_ANSWER_READER_H_
#define RESCIND_BENCH_HTTP_ANSWER_READER_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace rescind::bench {

struct Answer {
  int status = 0;
  std::size_t size = 0;  // head and body
};

// Absent while bytes are missing. status 0: not an answer that this reader knows (no status line; a body that is chunked or
// of unknown length), and nothing after it can be read.
std::optional<Answer> read_answer(std::string_view received);

}  // namespace rescind::bench

#endif  // RESCIND_BENCH_HTTP_ANSWER_READER_H_
