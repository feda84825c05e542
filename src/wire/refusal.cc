#include "wire/refusal.h"

namespace rescind {

unsigned status_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::kInvalidRequest: return 400;
    case Refusal::kMethodNotAllowed: return 405;
    case Refusal::kRequestTimeout: return 408;
    case Refusal::kPayloadTooLarge: return 413;
    case Refusal::kUriTooLong: return 414;
    case Refusal::kExpectationFailed: return 417;
    case Refusal::kHeaderTooLarge: return 431;
    case Refusal::kInternal: return 500;
    case Refusal::kVersionNotSupported: return 505;
  }
  return 500;
}

std::string_view code_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::kInvalidRequest: return "invalid_request";
    case Refusal::kMethodNotAllowed: return "method_not_allowed";
    case Refusal::kRequestTimeout: return "request_timeout";
    case Refusal::kPayloadTooLarge: return "payload_too_large";
    case Refusal::kUriTooLong: return "uri_too_long";
    case Refusal::kExpectationFailed: return "expectation_failed";
    case Refusal::kHeaderTooLarge: return "header_too_large";
    case Refusal::kInternal: return "internal";
    case Refusal::kVersionNotSupported: return "http_version_not_supported";
  }
  return "internal";
}

Response refusal_response(Refusal refusal, std::string_view message) {
  Response response;
  response.status = status_of(refusal);
  response.fields = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  if (refusal == Refusal::kMethodNotAllowed) {
    response.fields.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  }
  response.body.append(R"({"code":")").append(code_of(refusal)).append(R"(","message":")").append(message).append("\"}");
  return response;
}

}  // namespace rescind
