#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/utf8.h"

namespace rescind {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
    case LogLevel::kOff: return spdlog::level::off;
  }
  return spdlog::level::info;
}

// What a terminal or a reader of lines could take for more than text.
bool needs_escape(char32_t code_point) {
  const bool is_hidden = is_blank(code_point) && code_point != U' ' && code_point <= 0xffff;
  return is_control(code_point) || is_hidden || code_point == U'"' || code_point == U'\\';
}

// A quoted JSON string in both formats: a line break in a value cannot forge a line, an escape sequence cannot drive
// a terminal, and bytes that are not UTF-8 become U+FFFD.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::string_view before = text;
    const auto code_point = take_code_point(text);
    if (!code_point) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    } else if (needs_escape(*code_point)) {
      out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(*code_point));
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  return out + "\"";
}

}  // namespace

struct Log::Sink {
  spdlog::logger logger;
  LogFormat format;
};

Log::Log(LogLevel level, LogFormat format)
    : sink_(new Sink{spdlog::logger("rescind", std::make_shared<spdlog::sinks::stderr_sink_mt>()), format}) {
  sink_->logger.set_level(to_spdlog(level));
  sink_->logger.flush_on(spdlog::level::debug);
  sink_->logger.set_pattern(
      format == LogFormat::kJson ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
      spdlog::pattern_time_type::utc);
}

Log::~Log() = default;

void Log::debug(std::string_view message, std::initializer_list<LogField> fields) { write(LogLevel::kDebug, message, fields); }
void Log::info(std::string_view message, std::initializer_list<LogField> fields) { write(LogLevel::kInfo, message, fields); }
void Log::warning(std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::kWarning, message, fields);
}
void Log::error(std::string_view message, std::initializer_list<LogField> fields) { write(LogLevel::kError, message, fields); }

void Log::write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  if (!sink_->logger.should_log(to_spdlog(level))) return;
  const bool json = sink_->format == LogFormat::kJson;
  std::string line = json ? "\"message\":" + quoted(message) : std::string(message);
  for (const LogField& field : fields) {
    line += json ? "," + quoted(field.name) + ":" : " " + std::string(field.name) + "=";
    line += quoted(field.value);
  }
  sink_->logger.log(to_spdlog(level), "{}", line);
}

}  // namespace rescind
