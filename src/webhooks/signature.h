// Signatures of Standard Webhooks 1.0 (https://www.standardwebhooks.com), the symmetric scheme "v1".
#ifndef RESCIND_WEBHOOKS_SIGNATURE_H_
#define RESCIND_WEBHOOKS_SIGNATURE_H_

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace rescind {

// The key that a secret's text stands for: behind "whsec_" it is base64, with padding; any other text is the key itself, byte
// by byte. Absent where what stands behind "whsec_" is not base64, and where the key is shorter than kMinWebhookKeyBytes.
std::optional<Secret> parse_webhook_secret(const Secret& text);

// "v1," + base64(HMAC-SHA256(key, id "." timestamp "." body)) for each key, with spaces between; the timestamp in seconds since
// 1970. A receiver takes a message that one of them fits, so that it can exchange its secret while both sign.
std::string sign_webhook(std::span<const Secret> keys, std::string_view id, std::chrono::sys_seconds timestamp,
                         std::string_view body);

}  // namespace rescind

#endif  // RESCIND_WEBHOOKS_SIGNATURE_H_
