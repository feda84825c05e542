#include "main/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

Outcome run(std::vector<std::string> arguments, std::vector<const char*> environment = {}, const std::string& input = "") {
  environment.push_back(nullptr);
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_command_line(std::move(arguments), environment.data(), Streams{in, out, err});
  return {code, out.str(), err.str()};
}

TEST(CommandLine, VersionAndHelpAndNothingAtAllEndWell) {
  EXPECT_THAT(run({"--version"}).out, StartsWith("rescind "));
  EXPECT_THAT(run({"--help"}).out, HasSubstr("serve"));
  EXPECT_THAT(run({"serve", "--help"}).out, HasSubstr("--session.refresh-grace"));
  EXPECT_THAT(run({}).out, HasSubstr("serve"));
  EXPECT_EQ(run({}).code, 0);
}

TEST(CommandLine, ConfigPrintsTheShippedFile) { EXPECT_EQ(run({"config"}).out, render_default_config()); }

TEST(CommandLine, NamesAnUnknownFlagAndTheNearestAndNeverItsValue) {
  const Outcome outcome = run({"serve", "--admin-key=hunter2hunter2"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("unknown flag --admin-key; the nearest is --"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("hunter2")));
  EXPECT_THAT(run({"serve", "--sesion.idle-ttl", "1d"}).err, HasSubstr("the nearest is --session.idle-ttl"));
}

TEST(CommandLine, RefusesAnUnknownCommand) {
  EXPECT_EQ(run({"server"}).code, 2);
  EXPECT_EQ(run({"token"}).code, 2);
}

TEST(CommandLine, TakesASettingAsFlagWithASpaceOrAnEqualsSign) {
  for (const auto& arguments : {std::vector<std::string>{"serve", "--log.level", "off"}, {"serve", "--log.level=off"}}) {
    const auto line = parse_command_line(arguments);
    ASSERT_TRUE(line);
    ASSERT_EQ(line->flags.size(), 1u);
    EXPECT_EQ(line->flags[0].name, "--log.level");
    EXPECT_EQ(line->flags[0].text, "off");
  }
}

TEST(CommandLine, RefusesASettingGivenTwice) { EXPECT_EQ(run({"serve", "--log.level=off", "--log.level=info"}).code, 2); }

TEST(CommandLine, ServeFailsWithOneLineForAWrongSettingOfEachSource) {
  const Outcome variable = run({"serve"}, {"RESCIND_LOG_LEVEL=loud", "PATH=/bin"});
  EXPECT_EQ(variable.code, 1);
  EXPECT_EQ(variable.err, "rescind: log.level (RESCIND_LOG_LEVEL): \"loud\" is not one of debug, info, warning, error, off\n");
  EXPECT_THAT(run({"serve"}, {"RESCIND_LOGLEVEL=off"}).err, HasSubstr("unknown variable RESCIND_LOGLEVEL"));
  EXPECT_THAT(run({"serve", "--log.level", "loud"}).err, HasSubstr("log.level (--log.level)"));
}

TEST(CommandLine, ReadsTheFileOfTheFlagOrElseOfTheVariable) {
  EXPECT_THAT(run({"serve", "--config", "/nowhere/a.toml"}, {"RESCIND_CONFIG=/nowhere/b.toml"}).err,
              HasSubstr("/nowhere/a.toml"));
  EXPECT_THAT(run({"serve"}, {"RESCIND_CONFIG=/nowhere/b.toml"}).err,
              HasSubstr("cannot read the configuration file /nowhere/b.toml"));
}

TEST(CommandLine, ServeRefusesAnHs256SecretBelow32Bytes) {
  const TemporaryDirectory directory;
  std::ofstream(directory.file("secret")) << std::string(31, 'k') << "\n";
  const Outcome outcome = run({"serve", "--data", directory.file("data"), "--store.url", "memory:", "--token.algorithm",
                               "HS256", "--token.secret-file", directory.file("secret"), "--server.listen", "127.0.0.1:0"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("shorter than 32 bytes"));
}

TEST(CommandLine, TokenInspectReadsStandardInputSoThatNoOtherProcessSeesTheToken) {
  EXPECT_THAT(run({"token", "inspect"}, {}, "e30.e30.c2ln\n").out, StartsWith("NOT VERIFIED"));
  EXPECT_THAT(run({"token", "inspect", "-"}, {}, "e30.e30.c2ln").out, StartsWith("NOT VERIFIED"));
  EXPECT_THAT(run({"token", "inspect", "e30.e30.c2ln"}).out, StartsWith("NOT VERIFIED"));
  EXPECT_EQ(run({"token", "inspect"}, {}, "no token").code, 1);
}

}  // namespace
}  // namespace rescind
