#include "cli/admin_client.h"

#include <curl/curl.h>

#include <boost/json/serialize.hpp>
#include <memory>
#include <optional>

#include "verify/strict_json.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxHeaderBytes = 64 * 1024;
constexpr std::size_t kMaxDepth = 32;

struct Transfer {
  std::string body;
  std::size_t header_bytes = 0;
};

// libcurl ends the transfer where a callback takes less than it was given.
std::size_t take_body(char* data, std::size_t, std::size_t size, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (size > kMaxAnswerBytes - transfer.body.size()) return 0;
  transfer.body.append(data, size);
  return size;
}

std::size_t take_header(char*, std::size_t, std::size_t size, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  transfer.header_bytes += size;
  return transfer.header_bytes > kMaxHeaderBytes ? 0 : size;
}

struct CurlFree {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

bool is_curl_ready() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  return kStarted == CURLE_OK;
}

const char* name_of(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kPost: return "POST";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
  }
  return "";
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                          c == '.' || c == '~';  // RFC 3986 section 2.3
    if (is_plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  const boost::json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

Unexpected<CommandFailure> not_ours(const std::string& url, long status) {
  return command_failed(ExitCode::kNotReached, url + " answers with status " + std::to_string(status) +
                                                   ", but not as Rescind does: is this the server's own address?");
}

}  // namespace

CommandResult<TextAnswer> AdminClient::send(Method method, const std::string& path, const std::string* body) const {
  const std::unique_ptr<CURL, CurlFree> curl(is_curl_ready() ? curl_easy_init() : nullptr);
  std::unique_ptr<curl_slist, CurlFree> headers(curl_slist_append(nullptr, "Accept: application/json"));
  if (!curl || !headers) return command_failed(ExitCode::kNotReached, "libcurl does not start");
  if (body != nullptr) curl_slist_append(headers.get(), "Content-Type: application/json");
  CURL* const handle = curl.get();
  Transfer transfer;
  const std::string url = access_.url + path;
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, name_of(method));
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  if (body != nullptr) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body->data());
  }
  const std::string key(access_.key.reveal());
  if (!key.empty()) {
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    curl_easy_setopt(handle, CURLOPT_XOAUTH2_BEARER, key.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "rescind");
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(kConnectTimeout.count()));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, static_cast<long>(kAnswerTimeout.count()));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  if (url.starts_with("http://")) curl_easy_setopt(handle, CURLOPT_PROXY, "");

  const CURLcode done = curl_easy_perform(handle);
  if (done != CURLE_OK) {
    const std::string reason = done == CURLE_WRITE_ERROR ? "the answer is too large" : curl_easy_strerror(done);
    return command_failed(ExitCode::kNotReached, "no answer from " + access_.url + ": " + reason);
  }
  TextAnswer answer{0, std::move(transfer.body)};
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

CommandResult<TextAnswer> AdminClient::get_text(const std::string& path) const { return send(Method::kGet, path, nullptr); }

namespace {

CommandResult<boost::json::object> read_answer(const std::string& url, TextAnswer answer) {
  std::optional<boost::json::value> json = parse_strict_json(answer.body, kMaxDepth);
  if (!json || !json->is_object()) return not_ours(url, answer.status);
  boost::json::object object = std::move(json->get_object());
  if (answer.status < 400) return object;
  const std::string code = text_of(object, "code");
  if (code.empty()) return not_ours(url, answer.status);
  return command_failed(ExitCode::kRefused, code + ": " + text_of(object, "message"));
}

}  // namespace

CommandResult<boost::json::object> AdminClient::call(Method method, const std::string& path) const {
  const std::string no_body;
  auto answer = send(method, path, method == Method::kPost ? &no_body : nullptr);
  if (!answer) return Unexpected(std::move(answer).error());
  return read_answer(access_.url, std::move(*answer));
}

CommandResult<boost::json::object> AdminClient::call(Method method, const std::string& path,
                                                     const boost::json::object& body) const {
  const std::string text = boost::json::serialize(body);
  auto answer = send(method, path, &text);
  if (!answer) return Unexpected(std::move(answer).error());
  return read_answer(access_.url, std::move(*answer));
}

std::string make_path(std::initializer_list<std::string_view> segments) {
  std::string path;
  for (const std::string_view segment : segments) path += "/" + percent_encode(segment);
  return path;
}

std::string make_query(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs) {
  std::string query;
  for (const auto& [name, value] : pairs) {
    if (value.empty()) continue;
    query += (query.empty() ? "?" : "&") + std::string(name) + "=" + percent_encode(value);
  }
  return query;
}

}  // namespace rescind
