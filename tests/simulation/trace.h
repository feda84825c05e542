// What happened in a run, line by line: a hash over all of it, and the tail to print when a rule was broken.
#ifndef RESCIND_TESTS_SIMULATION_TRACE_H_
#define RESCIND_TESTS_SIMULATION_TRACE_H_

#include <cstdint>
#include <deque>
#include <string>

namespace rescind::simulation {

class Trace {
 public:
  static constexpr std::size_t kTailLines = 120;

  void add(std::string line) {
    for (const char c : line) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash_ = (hash_ ^ '\n') * 0x100000001b3;
    tail_.push_back(std::move(line));
    if (tail_.size() > kTailLines) tail_.pop_front();
  }

  std::uint64_t hash() const { return hash_; }
  std::string tail() const {
    std::string text;
    for (const std::string& line : tail_) text.append("  ").append(line).append("\n");
    return text;
  }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
  std::deque<std::string> tail_;
};

}  // namespace rescind::simulation

#endif  // RESCIND_TESTS_SIMULATION_TRACE_H_
