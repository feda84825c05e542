// From the configuration to webhooks with their secrets.
#ifndef RESCIND_MAIN_OPEN_WEBHOOKS_H_
#define RESCIND_MAIN_OPEN_WEBHOOKS_H_

#include <vector>

#include "base/error.h"
#include "main/config.h"
#include "webhooks/webhook.h"

namespace rescind {

// Fails where a secret's file cannot be read, or what it holds is no secret of a webhook (parse_webhook_secret()). A receiver
// that does not answer is no failure.
Result<std::vector<Webhook>> load_webhooks(const std::vector<WebhookConfig>& configs);

}  // namespace rescind

#endif  // RESCIND_MAIN_OPEN_WEBHOOKS_H_
