#include "mail/smtp_transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace rescind {
namespace {

struct Upload {
  std::string_view rest;
  const std::atomic<bool>& cancelled;
};

std::size_t give_message(char* out, std::size_t size, std::size_t count, void* context) {
  auto& upload = *static_cast<Upload*>(context);
  const std::size_t length = std::min(size * count, upload.rest.size());
  std::memcpy(out, upload.rest.data(), length);
  upload.rest.remove_prefix(length);
  return length;
}

std::size_t drop_answer(char*, std::size_t size, std::size_t count, void*) { return size * count; }

int is_cancelled(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Upload*>(context)->cancelled.load(std::memory_order_relaxed) ? 1 : 0;
}

struct CurlFree {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

bool is_curl_ready() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  return kStarted == CURLE_OK;
}

// What every conversation with the server has in common; `upload` must outlive it.
void prepare(CURL* handle, const SmtpServer& server, std::chrono::milliseconds timeout, Upload& upload) {
  const std::string password(server.password.reveal());
  curl_easy_setopt(handle, CURLOPT_URL, server.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_USE_SSL, server.tls == SmtpTls::kRequired ? CURLUSESSL_ALL : CURLUSESSL_NONE);
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!server.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, server.ca_file.c_str());
  if (!server.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, password.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop_answer);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // no SIGALRM for name look-ups: this process has other threads
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, is_cancelled);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &upload);
}

SmtpReport perform(CURL* handle) {
  const CURLcode done = curl_easy_perform(handle);
  if (done == CURLE_OK) return {SmtpOutcome::kSent, {}};
  long code = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
  std::string reason = std::string(curl_easy_strerror(done)) + ", last answer " + std::to_string(code);
  return {code >= 500 && code < 600 ? SmtpOutcome::kRefused : SmtpOutcome::kTryLater, std::move(reason)};
}

}  // namespace

SmtpReport send_by_smtp(const SmtpServer& server, const Envelope& envelope, std::chrono::milliseconds timeout,
                        const std::atomic<bool>& cancelled) {
  const std::unique_ptr<CURL, CurlFree> curl(is_curl_ready() ? curl_easy_init() : nullptr);
  const std::string to = "<" + envelope.to.text() + ">";
  const std::unique_ptr<curl_slist, CurlFree> recipients(curl_slist_append(nullptr, to.c_str()));
  if (!curl || !recipients) return {SmtpOutcome::kTryLater, "libcurl does not start"};
  Upload upload{envelope.message, cancelled};
  const std::string from = "<" + envelope.from.text() + ">";
  CURL* const handle = curl.get();
  prepare(handle, server, timeout, upload);
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, give_message);
  curl_easy_setopt(handle, CURLOPT_READDATA, &upload);
  return perform(handle);
}

SmtpReport greet_by_smtp(const SmtpServer& server, std::chrono::milliseconds timeout) {
  const std::unique_ptr<CURL, CurlFree> curl(is_curl_ready() ? curl_easy_init() : nullptr);
  if (!curl) return {SmtpOutcome::kTryLater, "libcurl does not start"};
  const std::atomic<bool> cancelled{false};
  Upload upload{{}, cancelled};
  prepare(curl.get(), server, timeout, upload);
  curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, "NOOP");  // without recipients, libcurl sends this and no mail
  return perform(curl.get());
}

}  // namespace rescind
