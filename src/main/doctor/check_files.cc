#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "main/config_sources.h"
#include "main/doctor/checks.h"
#include "main/load_secrets.h"
#include "main/secret_file.h"

namespace rescind {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;
constexpr std::uint64_t kLittleRoomMiB = 1024;
constexpr std::uint64_t kNoRoomMiB = 100;

// statfs(2): file systems on which locks and shared memory are not what SQLite needs.
constexpr std::uint32_t kNetworkFileSystems[] = {0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x00c36400};

void check_file_system(const std::string& directory, Report& report) {
  struct statfs system {};
  if (statfs(directory.c_str(), &system) == 0 &&
      std::ranges::count(kNetworkFileSystems, static_cast<std::uint32_t>(system.f_type)) > 0) {
    report.add(
        {Severity::kProblem, "network_file_system", directory + " is on a network file system",
         "Locks and flushes are not certain there: two servers may write at once, and what was acknowledged may be lost.",
         "Put it on a disk of this machine."});
  }
  struct statvfs room {};
  if (statvfs(directory.c_str(), &room) != 0) return;
  const std::uint64_t free_mib = std::uint64_t{room.f_bavail} * room.f_frsize / kMiB;
  if (free_mib < kLittleRoomMiB) {
    report.add({free_mib < kNoRoomMiB ? Severity::kProblem : Severity::kWarning, "disk_full",
                directory + " has room for " + std::to_string(free_mib) + " MiB",
                "When the disk is full nobody can sign in or be signed out, and after feed.lease every token is refused.",
                "Make room, or move the directory."});
  } else {
    report.add_good(directory + " has room for " + std::to_string(free_mib) + " MiB");
  }
}

void check_admin_key(const Config& config, const std::vector<NamedText>& variables, Report& report) {
  const std::string path = config.data + "/admin.key";
  const std::string from_variable = find_variable(variables, "RESCIND_ADMIN_KEY");
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
  if (from_variable.empty() && !is_there) return;  // made at the first start
  const std::string place = from_variable.empty() ? path : "RESCIND_ADMIN_KEY";
  auto key = from_variable.empty()
                 ? read_secret_file(path, "the admin key", SecretRules{kMinAdminKeyBytes, FileAccess::kOwnerOnly})
                 : Result<Secret>(Secret(from_variable));
  if (key) key = check_admin_key(std::move(*key), place);
  if (key) return report.add_good("the admin key in " + place + " can be used");
  report.add({Severity::kProblem, "admin_key", key.error().message, "The server does not start with it.",
              "Mend its mode (chmod 600) or its content, or remove it: the next start makes a new one."});
}

void check_key_file(const Config& config, const MasterSecrets& master, Report& report) {
  struct stat status {};
  if (stat((config.data + "/keys.json").c_str(), &status) != 0) return;  // made at the first start
  auto file = KeyFile::open(KeyPlace{config.data, master});
  auto content = file ? file->load() : Result<std::optional<KeyFileContent>>(Unexpected(file.error()));
  if (!content) {
    report.add({Severity::kProblem, "key_file", content.error().message, "The server does not start without its signing keys.",
                "Mend its mode and owner, or give the master secret that sealed it; docs/key-file.md says more."});
    return;
  }
  if (!master.current) {
    report.add({Severity::kNote, "key_file_not_sealed", config.data + "/keys.json is not sealed",
                "Whoever can read it, or a backup of it, can sign tokens.", "Give keys.master_secret_file to have it sealed."});
  } else if (*content && (*content)->sealing == Sealing::kOutdated) {
    report.add({Severity::kNote, "key_file_sealing_outdated", config.data + "/keys.json is not sealed with the current secret",
                "The next start seals it.", "Restart the server before the previous secret is thrown away."});
  } else {
    report.add_good(config.data + "/keys.json is sealed and can be opened");
  }
}

}  // namespace

void check_data_directory(const Config& config, Report& report) {
  struct stat status {};
  if (stat(config.data.c_str(), &status) != 0) {
    const std::string parent = std::filesystem::absolute(config.data).parent_path().string();
    if (access(parent.c_str(), W_OK) == 0 || errno == ENOENT) {
      report.add_good(config.data + " is not there; the first start makes it");
    } else {
      report.add({Severity::kProblem, "data_directory_cannot_be_made", config.data + " is not there",
                  "The server cannot make it, for it may not write to " + parent + ".",
                  "Make it for the server's user, with mode 0700."});
    }
    return;
  }
  if (!S_ISDIR(status.st_mode)) {
    report.add({Severity::kProblem, "data_directory", config.data + " is not a directory", "The server does not start with it.",
                "Name another in the setting data."});
    return;
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    const bool is_writable = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    report.add({is_writable ? Severity::kProblem : Severity::kWarning, "data_directory_open_to_others",
                "others than its owner may look into " + config.data,
                "It holds signing keys, the admin key and everybody's password hashes.", "chmod 700 " + config.data});
  }
  if (status.st_uid != geteuid()) {
    report.add({Severity::kProblem, "data_directory_owner", config.data + " belongs to another user",
                "The server, started by the user that runs this, would not find its keys safe there.",
                "Run this as the server's user, or chown the directory."});
  }
  check_file_system(config.data, report);
}

void check_secrets(const Config& config, const std::vector<NamedText>& variables, Report& report) {
  const auto add = [&report](const Error& error) {
    report.add({Severity::kProblem, "secret_file", error.message, "The server does not start without it.",
                "Make the file readable for the server's user and nobody else, and long enough."});
  };
  check_admin_key(config, variables, report);
  const auto tokens = load_token_secrets(config.token);
  if (!tokens) add(tokens.error());
  const auto clients = load_oauth_clients(config.oauth_clients);
  if (!clients) add(clients.error());
  const auto master = load_master_secrets(config.keys, Secret(find_variable(variables, "RESCIND_MASTER_SECRET")));
  if (!master) return add(master.error());
  check_key_file(config, *master, report);
}

}  // namespace rescind
