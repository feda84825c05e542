#include "wire/response_writer.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace rescind {
namespace {

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
  }
  return "";
}

void append_number(std::string& output, std::size_t number) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  output.append(digits.data(), end);
}

void append_connection(std::string& output, Persistence persistence) {
  switch (persistence) {
    case Persistence::kKeepAlive: return;
    case Persistence::kKeepAliveHttp10: output.append("Connection: keep-alive\r\n"); return;
    case Persistence::kClose: output.append("Connection: close\r\n"); return;
  }
}

}  // namespace

std::string date_line(WallTime now) {
  static constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  return fmt::format("Date: {}, {:02} {} {:04} {:02}:{:02}:{:02} GMT\r\n", kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(), time.seconds().count());
}

bool append_response(std::string& output, const Response& response, BodyMode mode, Persistence persistence,
                     std::string_view date) {
  if (response.status < 200 || response.status > 599 || !response.fields.sendable()) return false;
  // RFC 9110 sections 8.6, 15.3.5 and 15.4.5.
  const bool bodiless = response.status == 204 || response.status == 304;
  output.append("HTTP/1.1 ");
  append_number(output, response.status);
  output.append(" ").append(reason_phrase(response.status)).append("\r\n").append(date);
  output.append(response.fields.text());
  if (!bodiless) {
    output.append("Content-Length: ");
    append_number(output, response.body.size());
    output.append("\r\n");
  }
  append_connection(output, persistence);
  output.append("\r\n");
  if (!bodiless && mode == BodyMode::kSend) output.append(response.body);
  return true;
}

}  // namespace rescind
