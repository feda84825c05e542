// [[webhooks]] of the file: the table of its settings, and what they must keep together.
#ifndef RESCIND_MAIN_WEBHOOK_CONFIG_H_
#define RESCIND_MAIN_WEBHOOK_CONFIG_H_

#include <span>
#include <string_view>

#include "main/config.h"
#include "main/table_setting.h"

namespace rescind {

inline constexpr std::string_view kWebhooksName = "webhooks";

std::span<const TableSetting<WebhookConfig>> webhook_settings();

// A URL and a secret each, https or a receiver on this machine, and names that differ. A webhook without a name gets one from
// its URL's host.
Result<void, ConfigError> check_webhooks(std::vector<WebhookConfig>& webhooks);

// Lines for the shipped file, not commented out.
std::string_view webhooks_comment();
std::string_view webhooks_example();

}  // namespace rescind

#endif  // RESCIND_MAIN_WEBHOOK_CONFIG_H_
