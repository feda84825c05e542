// The pages that the links of our mails lead to, for those who have no page of their own: one form each, without any third
// party. The token stands behind "#", so that it gets into no log and no Referer, and is taken out of the address bar.
#include <openssl/evp.h>

#include <array>
#include <string>

#include "http/api_state.h"
#include "verify/sha256.h"

namespace rescind {
namespace {

constexpr std::string_view kStyle =
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:15vh auto;padding:0 1rem}"
    "input,button{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0}";

// What all pages do: take the token, send it with the form, say how it went.
constexpr std::string_view kScript = R"(
const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);
const form = document.querySelector('form');
const says = document.querySelector('output');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const password = form.elements.password;
  const body = password ? { token, password: password.value } : { token };
  form.elements.go.disabled = true;
  try {
    const answer = await fetch(form.dataset.to, {
      method: 'POST', credentials: 'omit', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    says.textContent = answer.ok ? form.dataset.done : (await answer.json()).message;
    if (answer.ok) form.hidden = true;
  } catch {
    says.textContent = 'The server could not be reached; try again.';
  }
  form.elements.go.disabled = false;
});
if (!token) says.textContent = 'This link is not whole; open it from the mail once more.';
)";

constexpr std::string_view kResetForm =
    R"(<h1>Choose a new password</h1><form data-to="/auth/password/reset" data-done="Done. Sign in with the new password.">)"
    R"(<input name="password" type="password" autocomplete="new-password" minlength="8" maxlength="1024" required )"
    R"(aria-label="New password"><button name="go">Set the password</button></form><output></output>)";

constexpr std::string_view kVerifyForm =
    R"(<h1>Confirm your e-mail address</h1><form data-to="/auth/email/verify" data-done="Done. The address is confirmed.">)"
    R"(<button name="go">Confirm</button></form><output></output>)";

constexpr std::string_view kChangeForm =
    R"(<h1>Confirm your new e-mail address</h1><form data-to="/auth/email/confirm" data-done="Done. The new address holds.">)"
    R"(<button name="go">Confirm</button></form><output></output>)";

// A source of a Content-Security-Policy (CSP Level 3 section 2.3.1).
std::string hash_source(std::string_view text) {
  const Sha256Digest digest = sha256({text});
  std::array<unsigned char, 45> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return "'sha256-" + std::string(base64.begin(), base64.begin() + length) + "'";
}

std::string make_policy() {
  return "default-src 'none'; script-src " + hash_source(kScript) + "; style-src " + hash_source(kStyle) +
         "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

// With a policy that lets the page's own script and style run and nothing else, and talk to this server alone.
Response make_page(std::string_view form) {
  static const std::string kPolicy = make_policy();
  Response page{200,
                {{"Content-Type", "text/html; charset=utf-8"},
                 {"Content-Security-Policy", kPolicy},
                 {"Referrer-Policy", "no-referrer"},
                 {"X-Content-Type-Options", "nosniff"},
                 {"Cache-Control", "no-store"}},
                {}};
  page.body.append(R"(<!doctype html><html lang="en"><meta charset="utf-8">)")
      .append(R"(<meta name="viewport" content="width=device-width"><title>Rescind</title><style>)")
      .append(kStyle)
      .append("</style>")
      .append(form)
      .append("<script>")
      .append(kScript)
      .append("</script></html>\n");
  return page;
}

}  // namespace

Task<Result<Response>> reset_page_route(ApiState&, const Request&, std::string_view) { co_return make_page(kResetForm); }
Task<Result<Response>> verify_page_route(ApiState&, const Request&, std::string_view) { co_return make_page(kVerifyForm); }
Task<Result<Response>> change_email_page_route(ApiState&, const Request&, std::string_view) {
  co_return make_page(kChangeForm);
}

}  // namespace rescind
