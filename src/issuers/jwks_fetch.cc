#include "issuers/jwks_fetch.h"

#include <curl/curl.h>

#include <fstream>
#include <memory>

#include "rescind/key.h"

namespace rescind {
namespace {

struct Transfer {
  std::string body;
  std::size_t header_bytes = 0;
  const std::atomic<bool>& cancelled;
};

// libcurl ends the transfer where a callback takes less than it was given.
std::size_t take_body(char* data, std::size_t, std::size_t size, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (size > kMaxKeySetBytes - transfer.body.size()) return 0;
  transfer.body.append(data, size);
  return size;
}

std::size_t take_header(char*, std::size_t, std::size_t size, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  transfer.header_bytes += size;
  return transfer.header_bytes > kMaxJwksHeaderBytes ? 0 : size;
}

int is_cancelled(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(context)->cancelled.load(std::memory_order_relaxed) ? 1 : 0;
}

struct CurlFree {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// Once for the process, before any thread of ours uses it.
bool is_curl_ready() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  return kStarted == CURLE_OK;
}

}  // namespace

Result<std::string, std::string> fetch_jwks(const std::string& url, std::chrono::milliseconds timeout,
                                            const std::atomic<bool>& cancelled) {
  const std::unique_ptr<CURL, CurlFree> curl(is_curl_ready() ? curl_easy_init() : nullptr);
  const std::unique_ptr<curl_slist, CurlFree> headers(curl_slist_append(nullptr, "Accept: application/json"));
  if (!curl || !headers) return Unexpected(std::string("libcurl does not start"));
  Transfer transfer{.body = {}, .cancelled = cancelled};
  CURL* const handle = curl.get();
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "rescind");
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // no SIGALRM for name look-ups: this process has other threads
  curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(kMaxKeySetBytes));
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, is_cancelled);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &transfer);
  // Plain http is for loopback or a network that is trusted; no proxy of the environment stands between.
  if (url.starts_with("http://")) curl_easy_setopt(handle, CURLOPT_PROXY, "");

  const CURLcode done = curl_easy_perform(handle);
  if (done == CURLE_WRITE_ERROR || done == CURLE_FILESIZE_EXCEEDED) return Unexpected(std::string("the answer is too large"));
  if (done != CURLE_OK) return Unexpected(std::string(curl_easy_strerror(done)));
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return Unexpected("the answer has status " + std::to_string(status));
  return std::move(transfer.body);
}

// At most one byte more than may be there, so that too much is seen.
Result<std::string, std::string> read_jwks_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxKeySetBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return Unexpected(std::string("the file cannot be read"));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxKeySetBytes) return Unexpected(std::string("the file is too large"));
  return text;
}

}  // namespace rescind
