#include "main/open_webhooks.h"

#include <utility>

#include "main/secret_file.h"
#include "webhooks/signature.h"

namespace rescind {
namespace {

Result<Secret> load_key(const WebhookConfig& config) {
  const std::string what = "the secret of webhook " + config.name;
  Result<Secret> text = read_secret_file(config.secret_file, what, SecretRules{kMinWebhookKeyBytes});
  if (!text) return text;
  std::optional<Secret> key = parse_webhook_secret(*text);
  if (!key) {
    return fail(ErrorCode::kInternal,
                what + " in " + config.secret_file + ": behind whsec_ must stand base64, with padding, of at least 24 bytes");
  }
  return std::move(*key);
}

}  // namespace

Result<std::vector<Webhook>> load_webhooks(const std::vector<WebhookConfig>& configs) {
  std::vector<Webhook> webhooks;
  for (const WebhookConfig& config : configs) {
    Result<Secret> key = load_key(config);
    if (!key) return Unexpected(std::move(key).error());
    Webhook webhook{config.name, config.url, config.ca_file, config.timeout, std::move(*key), std::nullopt};
    if (!config.events.empty()) webhook.only_events = config.events;
    webhooks.push_back(std::move(webhook));
  }
  return webhooks;
}

}  // namespace rescind
