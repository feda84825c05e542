#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

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

// A quoted JSON string in both formats, so that a line break in a value cannot forge a line.
std::string quoted(std::string_view text) { return boost::json::serialize(boost::json::value(text)); }

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
