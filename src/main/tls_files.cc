#include "main/tls_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/secret.h"

namespace rescind {
namespace {

constexpr std::size_t kMaxPemBytes = 256 * 1024;
constexpr std::chrono::hours kTicketKeyLife{12};  // who steals a ticket's key can read TLS 1.2 connections of its time

Result<struct stat> status_of(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return fail(ErrorCode::kInternal, "cannot read " + path + ": " + std::generic_category().message(errno));
  }
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::kInternal, path + " is not a file");
  return status;
}

Result<Secret> read_pem(const std::string& path) {
  std::string text(kMaxPemBytes + 1, '\0');
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::kInternal, "cannot read " + path + ": " + std::generic_category().message(errno));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return fail(ErrorCode::kInternal, "cannot read " + path);
  text.resize(static_cast<std::size_t>(file.gcount()));
  Secret secret(std::move(text));
  if (secret.size() > kMaxPemBytes) return fail(ErrorCode::kInternal, path + " is longer than 256 KiB");
  return secret;
}

}  // namespace

bool TlsFiles::Stamp::operator==(const Stamp& other) const {
  return device == other.device && inode == other.inode && size == other.size && modified.tv_sec == other.modified.tv_sec &&
         modified.tv_nsec == other.modified.tv_nsec;
}

TlsFiles::TlsFiles(std::string certificate_path, std::string key_path, const Clock& clock, Log& log)
    : certificate_path_(std::move(certificate_path)), key_path_(std::move(key_path)), clock_(clock), log_(log) {}

Result<std::unique_ptr<TlsFiles>> TlsFiles::load(std::string certificate_path, std::string key_path, const Clock& clock,
                                                 Log& log) {
  std::unique_ptr<TlsFiles> files(new TlsFiles(std::move(certificate_path), std::move(key_path), clock, log));
  const MutexLock lock(files->mutex_);
  auto stamps = files->look();
  if (!stamps) return Unexpected(std::move(stamps).error());
  auto taken = files->take_up(*stamps);
  if (!taken) return Unexpected(std::move(taken).error());
  return files;
}

Result<void> TlsFiles::follow() {
  const MutexLock lock(mutex_);
  auto stamps = look();
  if (!stamps) return Unexpected(std::move(stamps).error());
  const bool has_changed = *stamps != loaded_;
  const bool rests = std::exchange(seen_, *stamps) == *stamps;
  const bool is_due = clock_.steady_now() - loaded_at_ >= kTicketKeyLife;
  return (has_changed && rests) || is_due ? take_up(*stamps) : Result<void>();
}

void TlsFiles::reload() {
  const MutexLock lock(mutex_);
  auto stamps = look();
  const auto taken = stamps ? take_up(*stamps) : Result<void>(Unexpected(std::move(stamps).error()));
  if (!taken) log_.error("the TLS certificate stays as it was", {{"reason", taken.error().message}});
}

Result<TlsFiles::Stamps> TlsFiles::look() const {
  Stamps stamps;
  const std::array<const std::string*, 2> paths = {&certificate_path_, &key_path_};
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    auto status = status_of(*paths[i]);
    if (!status) return fail(ErrorCode::kInternal, "server.tls_cert and server.tls_key: " + status.error().message);
    stamps[i] = {status->st_dev, status->st_ino, status->st_size, status->st_mtim};
  }
  return stamps;
}

Result<void> TlsFiles::take_up(const Stamps& stamps) {
  const std::string place = "server.tls_cert = " + certificate_path_ + ", server.tls_key = " + key_path_ + ": ";
  auto certificates = read_pem(certificate_path_);
  if (!certificates) return fail(ErrorCode::kInternal, place + certificates.error().message);
  auto key = read_pem(key_path_);
  if (!key) return fail(ErrorCode::kInternal, place + key.error().message);
  const TlsIdentity identity{certificates->reveal(), key->reveal()};
  if (context_) {
    auto replaced = context_->replace(identity);
    if (!replaced) return fail(ErrorCode::kInternal, place + replaced.error().message);
    if (stamps != loaded_) log_.info("new connections get the new TLS certificate", {{"file", certificate_path_}});
  } else {
    auto created = TlsContext::create(identity);
    if (!created) return fail(ErrorCode::kInternal, place + created.error().message);
    context_ = std::move(*created);
  }
  loaded_ = seen_ = stamps;
  loaded_at_ = clock_.steady_now();
  if (context_->expires() <= clock_.wall_now()) {
    log_.warning("the TLS certificate has expired: clients will refuse it", {{"file", certificate_path_}});
  }
  return {};
}

}  // namespace rescind
