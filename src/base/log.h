// The structured log: one line an event, as text or JSON, on standard error. Written at the edges only. A token's id may
// stand in it, never a token, a password or a key.
#ifndef RESCIND_BASE_LOG_H_
#define RESCIND_BASE_LOG_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace rescind {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError, kOff };
enum class LogFormat : std::uint8_t { kText, kJson };

struct LogField {
  std::string_view name;
  std::string value;
};

// Thread-safety: any thread may call any member.
class Log {
 public:
  Log(LogLevel level, LogFormat format);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view message, std::initializer_list<LogField> fields = {});
  void info(std::string_view message, std::initializer_list<LogField> fields = {});
  void warning(std::string_view message, std::initializer_list<LogField> fields = {});
  void error(std::string_view message, std::initializer_list<LogField> fields = {});

 private:
  struct Sink;
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields);
  std::unique_ptr<Sink> sink_;
};

}  // namespace rescind

#endif  // RESCIND_BASE_LOG_H_
