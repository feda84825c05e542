#include "mail/templates.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace rescind {
namespace {

MailTemplate parsed(std::string_view text, std::string_view html) { return parse_mail_template(text, html).value(); }

Mail render(const MailTemplate& form, const MailValues& values) {
  return render_mail(form, MailAddress::parse("ada@example.com").value(), values);
}

TEST(MailTemplate, PlaceholdersAreFilledIn) {
  const MailTemplate form =
      parsed("Subject: For {{name}}\n\n{{link}} {{email}} {{minutes}}\n", "<a href=\"{{link}}\">{{name}}</a>");
  const Mail mail = render(form, {"https://id.example/r#token=x", "Ada", "ada@example.com", std::chrono::minutes(30)});
  EXPECT_EQ(mail.subject, "For Ada");
  EXPECT_EQ(mail.text, "https://id.example/r#token=x ada@example.com 30\n");
  EXPECT_EQ(mail.html, "<a href=\"https://id.example/r#token=x\">Ada</a>");
}

TEST(MailTemplate, WhatAUserWroteIsNoMarkupNoLineAndNoPlaceholder) {
  const MailTemplate form = parsed("Subject: {{name}}\n\nHello {{name}}\n", "<p title='{{name}}'>{{name}}</p>");
  const Mail mail = render(form, {"", "<b a=\"1\" b='2'>&{{link}}\r\nevil\x1b[2J", "", {}});
  EXPECT_EQ(mail.subject, "<b a=\"1\" b='2'>&{{link}}  evil [2J");
  EXPECT_EQ(mail.text, "Hello <b a=\"1\" b='2'>&{{link}}  evil [2J\n");
  EXPECT_EQ(mail.html.find('<', 1), mail.html.rfind('<')) << mail.html;
  EXPECT_NE(mail.html.find("&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;{{link}}  evil"), std::string::npos) << mail.html;
}

TEST(MailTemplate, WhatCannotBeUnderstoodIsRefused) {
  EXPECT_TRUE(parse_mail_template("Subject: x\n\nbody", "html"));
  EXPECT_TRUE(parse_mail_template("Subject: x\r\n\r\nbody", "html"));
  for (const char* text :
       {"", "Subject: x", "Subject: x\n", "Subject: x\nbody", "Subject: \n\nbody", "subject: x\n\nbody", "body\n\nbody"}) {
    EXPECT_FALSE(parse_mail_template(text, "html")) << text;
  }
  for (const char* hole : {"{{password}}", "{{", "{{link", "{{ link }}", "{{}}", "{{Link}}"}) {
    EXPECT_FALSE(parse_mail_template(std::string("Subject: x\n\n") + hole, "html")) << hole;
    EXPECT_FALSE(parse_mail_template(std::string("Subject: ") + hole + "\n\nbody", "html")) << hole;
    EXPECT_FALSE(parse_mail_template("Subject: x\n\nbody", hole)) << hole;
  }
  EXPECT_FALSE(parse_mail_template("Subject: x\n\nbody", std::string(kMaxTemplateBytes + 1, 'x')));
}

TEST(MailTemplates, TheBuiltInOnesSayTheLinkAndNotTheName) {
  const MailTemplates templates;
  for (const MailKind kind : {MailKind::kResetPassword, MailKind::kVerifyEmail, MailKind::kChangeEmail}) {
    const Mail mail = render(templates.of(kind), {"LINK", "NAME", "EMAIL", {}});
    for (const std::string& form : {mail.text, mail.html}) {
      EXPECT_NE(form.find("LINK"), std::string::npos);
      EXPECT_EQ(form.find("NAME"), std::string::npos);
    }
  }
}

class TemplateFiles : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("rescind-templates-" + std::to_string(::getpid()));
    std::filesystem::create_directory(directory_);
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(directory_ / name) << text; }
  Result<MailTemplates, std::string> load() const { return MailTemplates::load(directory_.string()); }

  std::filesystem::path directory_;
};

TEST_F(TemplateFiles, ReplaceTheirPairAndLeaveTheOther) {
  write("reset.txt", "Subject: Neu\n\n{{link}}");
  write("reset.html", "<p>{{link}}</p>");
  const auto loaded = load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->of(MailKind::kResetPassword).subject, "Neu");
  EXPECT_EQ(loaded->of(MailKind::kVerifyEmail).subject, MailTemplates().of(MailKind::kVerifyEmail).subject);
}

TEST_F(TemplateFiles, OfWhichHalfIsThereOrThatAreNotGoodAreRefused) {
  write("verify.txt", "Subject: Neu\n\n{{link}}");
  EXPECT_FALSE(load());
  write("verify.html", "{{nonsense}}");
  EXPECT_FALSE(load());
  write("verify.html", "{{link}}");
  EXPECT_TRUE(load());
  EXPECT_FALSE(MailTemplates::load((directory_ / "nowhere").string()));
}

}  // namespace
}  // namespace rescind
