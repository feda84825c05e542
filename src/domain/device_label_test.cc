#include "domain/device_label.h"

#include <gtest/gtest.h>

namespace rescind {
namespace {

struct AgentCase {
  const char* label;
  const char* agent;
  const char* brands = "";
  const char* platform = "";
};

class DeviceLabelTable : public testing::TestWithParam<AgentCase> {};

TEST_P(DeviceLabelTable, NamesWhatAPersonWouldCallIt) {
  const AgentCase& agent = GetParam();
  EXPECT_EQ(device_label({agent.agent, agent.brands, agent.platform}), agent.label) << agent.agent;
}

INSTANTIATE_TEST_SUITE_P(
    Agents, DeviceLabelTable,
    testing::Values(
        AgentCase{"Firefox on Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
        AgentCase{"Firefox on Linux", "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0"},
        AgentCase{"Firefox on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"},
        AgentCase{"Firefox on macOS", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:126.0) Gecko/20100101 Firefox/126.0"},
        AgentCase{"Firefox on Android", "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0"},
        AgentCase{"Firefox on iPhone",
                  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 "
                  "Mobile/15E148 Safari/605.1.15"},
        AgentCase{"Chrome on Windows",
                  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                  "Safari/537.36"},
        AgentCase{"Chrome on Linux",
                  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"},
        AgentCase{"Chrome on macOS",
                  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                  "Safari/537.36"},
        AgentCase{"Chrome on Android",
                  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
                  "Safari/537.36"},
        AgentCase{"Chrome on ChromeOS",
                  "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                  "Safari/537.36"},
        AgentCase{"Chrome on iPhone",
                  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                  "CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1"},
        AgentCase{"Chrome on iPad",
                  "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 "
                  "Mobile/15E148 Safari/604.1"},
        AgentCase{"Headless Chrome on Linux",
                  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 "
                  "Safari/537.36"},
        AgentCase{"Safari on macOS",
                  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
                  "Safari/605.1.15"},
        AgentCase{"Safari on iPhone",
                  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                  "Version/17.5 Mobile/15E148 Safari/604.1"},
        AgentCase{"Safari on iPad",
                  "Mozilla/5.0 (iPad; CPU OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 "
                  "Mobile/15E148 Safari/604.1"},
        AgentCase{"iPhone",
                  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                  "Mobile/15E148"},
        AgentCase{"Edge on Windows",
                  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                  "Safari/537.36 Edg/126.0.0.0"},
        AgentCase{"Edge on Android",
                  "Mozilla/5.0 (Linux; Android 10; HD1913) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.6422.165 Mobile "
                  "Safari/537.36 EdgA/125.0.2535.51"},
        AgentCase{"Edge on iPhone",
                  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                  "Version/17.0 EdgiOS/125.0.2535.60 Mobile/15E148 Safari/605.1.15"},
        AgentCase{"Edge on Windows",
                  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 "
                  "Safari/537.36 Edge/18.17763"},
        AgentCase{"Opera on Windows",
                  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 "
                  "Safari/537.36 OPR/110.0.0.0"},
        AgentCase{"Opera on Windows", "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18"},
        AgentCase{"Samsung Internet on Android",
                  "Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/24.0 "
                  "Chrome/117.0.0.0 Mobile Safari/537.36"},
        AgentCase{"Vivaldi on Linux",
                  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 "
                  "Vivaldi/6.7.3329.41"},
        AgentCase{"Yandex Browser on Windows",
                  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 "
                  "YaBrowser/24.4.0.0 Safari/537.36"},
        AgentCase{"DuckDuckGo on macOS",
                  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
                  "Safari/605.1.15 Ddg/17.4"},
        AgentCase{"Chromium on Linux",
                  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu Chromium/80.0.3987.87 "
                  "Chrome/80.0.3987.87 Safari/537.36"},
        AgentCase{"Electron on Windows",
                  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) till/1.0.0 "
                  "Chrome/120.0.6099.109 Electron/28.1.0 Safari/537.36"},
        AgentCase{"Internet Explorer on Windows", "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"},
        AgentCase{"Internet Explorer on Windows", "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)"},
        AgentCase{"Firefox on FreeBSD", "Mozilla/5.0 (X11; FreeBSD amd64; rv:122.0) Gecko/20100101 Firefox/122.0"},
        // Programs.
        AgentCase{"curl", "curl/8.5.0"}, AgentCase{"Wget on Linux", "Wget/1.21.4 (Linux)"},
        AgentCase{"okhttp", "okhttp/4.12.0"}, AgentCase{"python-requests", "python-requests/2.31.0"},
        AgentCase{"PostmanRuntime", "PostmanRuntime/7.39.0"}, AgentCase{"node", "node"},
        AgentCase{"Dart", "Dart/3.4 (dart:io)"}, AgentCase{"till on iPhone", "till/1.2 (iPhone; iOS 17.1; Scale/3.00)"},
        AgentCase{"Dalvik on Android", "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 6 Build/TQ3A)"},
        // What newer browsers say in hints counts before what they say they once were.
        AgentCase{"Brave on Windows",
                  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
                  "Safari/537.36",
                  R"("Not/A)Brand";v="8", "Chromium";v="126", "Brave";v="126")", R"("Windows")"},
        AgentCase{"Chrome on Linux", "", R"("Chromium";v="124", "Google Chrome";v="124", "Not-A.Brand";v="99")", R"("Linux")"},
        AgentCase{"Edge on macOS", "Mozilla/5.0", R"("Microsoft Edge";v="126", "Chromium";v="126")", R"("macOS")"},
        AgentCase{"Chromium on ChromeOS", "", R"("Chromium";v="124", "(Not(A:Brand";v="99")", R"("Chrome OS")"},
        // What is none of ours is not taken over.
        AgentCase{"Firefox on Linux", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0", R"("Your Bank";v="1")",
                  R"("<b>")"},
        AgentCase{"", ""}, AgentCase{"", "Mozilla/5.0"}, AgentCase{"", "<script>alert(1)</script>"},
        AgentCase{"", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        AgentCase{"", "a-word-that-is-longer-than-any-program-is-called/1.0"}));

}  // namespace
}  // namespace rescind
