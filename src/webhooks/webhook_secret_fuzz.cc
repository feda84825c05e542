#include <cstdint>
#include <cstdlib>

#include "webhooks/signature.h"
#include "webhooks/webhook.h"

// What is accepted is long enough, and is the text itself or shorter than it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rescind::Secret text(std::string(reinterpret_cast<const char*>(data), size));
  const auto key = rescind::parse_webhook_secret(text);
  if (!key) return 0;
  const bool is_encoded = text.reveal().starts_with("whsec_");
  if (key->size() < rescind::kMinWebhookKeyBytes || (is_encoded ? key->size() >= size : key->reveal() != text.reveal())) {
    std::abort();
  }
  return 0;
}
