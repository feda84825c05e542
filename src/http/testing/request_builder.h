// Requests for tests and fuzz targets, that own their text.
#ifndef RESCIND_HTTP_TESTING_REQUEST_BUILDER_H_
#define RESCIND_HTTP_TESTING_REQUEST_BUILDER_H_

#include <string>
#include <utility>
#include <vector>

#include "http/message.h"

namespace rescind {

class RequestBuilder {
 public:
  RequestBuilder& header(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  RequestBuilder& method(std::string name) {
    method_ = std::move(name);
    return *this;
  }
  RequestBuilder& path(std::string text) {
    path_ = std::move(text);
    return *this;
  }
  RequestBuilder& body(std::string text) {
    body_ = std::move(text);
    return *this;
  }
  RequestBuilder& peer(std::string address) {
    peer_ = std::move(address);
    return *this;
  }
  // The request views this object.
  Request build() {
    views_.clear();
    for (const auto& [name, value] : fields_) views_.push_back({name, value});
    return {.method = method_, .path = path_, .query = "", .headers = views_, .body = body_, .peer_address = peer_};
  }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
  std::vector<HeaderField> views_;
  std::string method_ = "POST";
  std::string path_ = "/";
  std::string body_;
  std::string peer_ = "192.0.2.1";
};

}  // namespace rescind

#endif  // RESCIND_HTTP_TESTING_REQUEST_BUILDER_H_
