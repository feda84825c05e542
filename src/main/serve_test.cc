// The real binary and the index that it keeps for other processes: this one reads it as any program of others would.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <ctime>
#include <string>
#include <vector>

#include "main/testing/server_calls.h"
#include "rescind/index_file.h"
#include "rescind/verifier.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

using namespace std::chrono_literals;
using testing::call;

constexpr std::chrono::milliseconds kLease = 4s;
constexpr const char* kIssuer = "https://id.example";
constexpr const char* kAudience = "https://api.example";

std::chrono::nanoseconds boot_time() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::chrono::sys_seconds now() { return std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()); }

// `rescind serve` with an index file, until it is killed.
class ServerProcess {
 public:
  ServerProcess(const std::string& data, std::uint16_t port, const std::string& index_file) {
    const std::vector<std::string> arguments = {RESCIND_BINARY,
                                                "serve",
                                                "--data",
                                                data,
                                                "--server.listen",
                                                "127.0.0.1:" + std::to_string(port),
                                                "--token.issuer",
                                                kIssuer,
                                                "--token.audience",
                                                kAudience,
                                                "--feed.lease",
                                                std::to_string(kLease.count()) + "ms",
                                                "--feed.index-file",
                                                index_file,
                                                "--log.level",
                                                "error"};
    std::vector<char*> pointers;
    for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    const std::string admin_key = std::string("RESCIND_ADMIN_KEY=") + testing::kAdminKey;
    char* const environment[] = {const_cast<char*>(admin_key.c_str()), nullptr};
    process_ = ::fork();
    if (process_ != 0) return;
    ::execve(RESCIND_BINARY, pointers.data(), environment);
    ::_exit(127);
  }
  ~ServerProcess() { kill(); }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // kill -9: nothing is flushed, nothing is said.
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    wait();
  }

  // How it ended by itself.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t process_ = 0;
};

class ServedIndexFile : public ::testing::Test {
 protected:
  // What a program of others knows of the server beside the file.
  void read_keys() {
    const std::string answer = call(port, "GET /.well-known/jwks.json", "");
    auto read = KeySet::from_jwks(answer.substr(answer.find("\r\n\r\n") + 4));
    ASSERT_TRUE(read);
    keys = std::move(*read);
  }

  std::string answer_of(const IndexFileReader& reader, const std::string& token) const {
    if (!reader.view().lease_is_live(boot_time())) return "stale";
    const auto verified = verify(token, keys, reader.view(), {.issuer = kIssuer, .audience = kAudience}, now());
    return verified ? "good" : std::string(to_string(verified.error()));
  }

  const TemporaryDirectory directory;
  const std::string index_file = directory.file("revocations.index");
  const std::uint16_t port = testing::find_free_port();
  KeySet keys;
};

TEST_F(ServedIndexFile, SaysWhatTheServerSaysAndNothingOnceItIsGone) {
  ServerProcess first(directory.file("data"), port, index_file);
  ASSERT_TRUE(testing::becomes_ready(port));
  ASSERT_NO_FATAL_FAILURE(read_keys());
  auto reader = IndexFileReader::open(index_file);
  ASSERT_TRUE(reader) << to_string(reader.error());
  const std::string gone = testing::adopt(port, "ada");
  const std::string kept = testing::adopt(port, "bob");
  EXPECT_EQ(answer_of(*reader, gone), "good");
  ASSERT_TRUE(call(port, "POST /auth/logout", gone).starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(answer_of(*reader, gone), "revoked") << "an answered log-out holds for every reader at once";
  EXPECT_EQ(answer_of(*reader, kept), "good");

  for (const auto until = boot_time() + 2 * kLease; boot_time() < until; std::this_thread::sleep_for(5ms)) {
    ASSERT_EQ(answer_of(*reader, kept), "good") << "the lease is renewed while the server lives";
  }
  EXPECT_FALSE(*reader->refresh());

  first.kill();
  const auto killed_at = boot_time();
  while (answer_of(*reader, kept) == "good" && boot_time() < killed_at + 10 * kLease) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(answer_of(*reader, kept), "stale");
  EXPECT_LE(boot_time(), killed_at + 2 * kLease);

  ServerProcess second(directory.file("data"), port, index_file);
  ASSERT_TRUE(testing::becomes_ready(port));
  EXPECT_EQ(answer_of(*reader, kept), "stale") << "the old file is nobody's";
  EXPECT_TRUE(*reader->refresh());
  EXPECT_EQ(answer_of(*reader, kept), "good");
  EXPECT_EQ(answer_of(*reader, gone), "revoked") << "what was revoked before the restart";
}

TEST_F(ServedIndexFile, IsWholeBeforeItIsThere) {
  {
    ServerProcess first(directory.file("data"), port, index_file);
    ASSERT_TRUE(testing::becomes_ready(port));
    ASSERT_TRUE(call(port, "POST /auth/logout", testing::adopt(port, "ada")).starts_with("HTTP/1.1 200 "));
  }
  ASSERT_EQ(::unlink(index_file.c_str()), 0);
  const ServerProcess second(directory.file("data"), port, index_file);
  // Without a pause: half an index is there for a moment only.
  for (const auto until = boot_time() + 20s; boot_time() < until;) {
    const auto reader = IndexFileReader::open(index_file);
    if (!reader) continue;
    EXPECT_EQ(reader->view().size(), 1u) << "the file is published after the revocations are in it";
    return;
  }
  FAIL() << "the server published no file";
}

TEST_F(ServedIndexFile, ThatCannotBeWrittenKeepsTheServerFromStarting) {
  ServerProcess server(directory.file("data"), port, directory.file("missing/revocations.index"));
  EXPECT_EQ(server.wait(), 1);
}

}  // namespace
}  // namespace rescind
