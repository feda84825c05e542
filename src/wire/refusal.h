// What the wire answers by itself: the closed set of refusals, each with its status and stable code.
#ifndef RESCIND_WIRE_REFUSAL_H_
#define RESCIND_WIRE_REFUSAL_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "http/message.h"

namespace rescind {

enum class Refusal : std::uint8_t {
  kInvalidRequest,       // 400
  kMethodNotAllowed,     // 405
  kRequestTimeout,       // 408
  kPayloadTooLarge,      // 413
  kUriTooLong,           // 414
  kExpectationFailed,    // 417
  kHeaderTooLarge,       // 431
  kInternal,             // 500: the handler threw, or its answer cannot be sent
  kVersionNotSupported,  // 505
};

inline constexpr std::array kAllRefusals = {
    Refusal::kInvalidRequest,  Refusal::kMethodNotAllowed, Refusal::kRequestTimeout,
    Refusal::kPayloadTooLarge, Refusal::kUriTooLong,       Refusal::kExpectationFailed,
    Refusal::kHeaderTooLarge,  Refusal::kInternal,         Refusal::kVersionNotSupported};

unsigned status_of(Refusal refusal);
std::string_view code_of(Refusal refusal);

// `message` is a literal of ours: nothing of the request is echoed.
Response refusal_response(Refusal refusal, std::string_view message);

}  // namespace rescind

#endif  // RESCIND_WIRE_REFUSAL_H_
