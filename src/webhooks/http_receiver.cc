#include "webhooks/http_receiver.h"

#include <curl/curl.h>

#include <utility>

namespace rescind {
namespace {

struct CurlFree {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, CurlFree>;

// Once for the process, before any thread of ours uses it.
bool is_curl_ready() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  return kStarted == CURLE_OK;
}

// libcurl ends the transfer where a callback takes less than it was given. What comes is counted and thrown away.
std::size_t count_answer(char*, std::size_t, std::size_t size, void* context) {
  auto& received = *static_cast<std::size_t*>(context);
  received += size;
  return received > kMaxWebhookAnswerBytes ? 0 : size;
}

int is_stopping(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(context)->load(std::memory_order_relaxed) ? 1 : 0;
}

// Null where there is no memory.
HeaderList make_headers(const SignedMessage& message) {
  HeaderList headers;
  for (const std::string& line : {std::string("Content-Type: application/json"), "webhook-id: " + message.id,
                                  "webhook-timestamp: " + std::to_string(message.timestamp.time_since_epoch().count()),
                                  "webhook-signature: " + message.signature}) {
    curl_slist* const longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) return nullptr;
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
  return headers;
}

// What every connection to the receiver has in common.
void prepare(CURL* handle, const HttpReceiverSettings& settings) {
  curl_easy_setopt(handle, CURLOPT_URL, settings.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!settings.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
  // Plain http is for loopback; no proxy of the environment stands between.
  if (settings.url.starts_with("http://")) curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "rescind");
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // no SIGALRM for name look-ups: this process has other threads
}

Unexpected<std::string> does_not_start() { return Unexpected(std::string("libcurl does not start")); }

}  // namespace

struct HttpReceiver::Connection {
  std::unique_ptr<CURL, CurlFree> curl{is_curl_ready() ? curl_easy_init() : nullptr};
};

HttpReceiver::HttpReceiver(HttpReceiverSettings settings, const std::atomic<bool>& stopping)
    : settings_(std::move(settings)), stopping_(stopping), connection_(std::make_unique<Connection>()) {}

HttpReceiver::~HttpReceiver() = default;

Result<void, std::string> HttpReceiver::deliver(const SignedMessage& message) {
  CURL* const handle = connection_->curl.get();
  const HeaderList headers = make_headers(message);
  if (handle == nullptr || !headers) return does_not_start();
  std::size_t received = 0;
  curl_easy_reset(handle);  // the options, not the connection
  prepare(handle, settings_);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(message.body.size()));
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, message.body.c_str());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, count_answer);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, count_answer);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &received);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, is_stopping);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stopping_));

  const CURLcode done = curl_easy_perform(handle);
  if (done == CURLE_WRITE_ERROR) return Unexpected(std::string("the answer is too large"));
  if (done != CURLE_OK) return Unexpected(std::string(curl_easy_strerror(done)));
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) return Unexpected("the answer has status " + std::to_string(status));
  return {};
}

Result<void, std::string> connect_to_receiver(const HttpReceiverSettings& settings) {
  const std::unique_ptr<CURL, CurlFree> curl(is_curl_ready() ? curl_easy_init() : nullptr);
  if (!curl) return does_not_start();
  prepare(curl.get(), settings);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECT_ONLY, 1L);
  const CURLcode done = curl_easy_perform(curl.get());
  if (done != CURLE_OK) return Unexpected(std::string(curl_easy_strerror(done)));
  return {};
}

}  // namespace rescind
