#include "tests/testing/shim_vfs.h"

#include <sqlite3.h>

#include <new>
#include <stdexcept>

namespace rescind {
namespace {

struct ShimFile {
  sqlite3_file base;
  IoObserver* observer;
  std::string* path;
  sqlite3_file* real;  // behind this struct, in the same allocation
};

ShimFile& shim(sqlite3_file* file) { return *reinterpret_cast<ShimFile*>(file); }
const sqlite3_io_methods& methods_of(sqlite3_file* file) { return *shim(file).real->pMethods; }

// Asks the observer, does the call where it is to be done, and tells the observer where it went well.
template <class Do, class Tell>
int pass(IoObserver& observer, IoCall call, const std::string& path, Do do_call, Tell tell) {
  const IoVerdict verdict = observer.before(call, path);
  if (verdict.error != SQLITE_OK && !verdict.done_first) return verdict.error;
  const int code = do_call();
  if (code == SQLITE_OK) tell();
  return verdict.error != SQLITE_OK ? verdict.error : code;
}

int close_file(sqlite3_file* file) {
  const int code = methods_of(file).xClose(shim(file).real);
  delete shim(file).path;
  return code;
}

int read_file(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const auto call = [&] { return methods_of(file).xRead(shim(file).real, out, size, offset); };
  return pass(*shim(file).observer, IoCall::kRead, *shim(file).path, call, [] {});
}

int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const auto call = [&] { return methods_of(file).xWrite(shim(file).real, data, size, offset); };
  const auto tell = [&] {
    const std::span bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
    shim(file).observer->wrote(*shim(file).path, static_cast<std::uint64_t>(offset), bytes);
  };
  return pass(*shim(file).observer, IoCall::kWrite, *shim(file).path, call, tell);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const auto call = [&] { return methods_of(file).xTruncate(shim(file).real, size); };
  const auto tell = [&] { shim(file).observer->truncated(*shim(file).path, static_cast<std::uint64_t>(size)); };
  return pass(*shim(file).observer, IoCall::kTruncate, *shim(file).path, call, tell);
}

int sync_file(sqlite3_file* file, int flags) {
  const auto call = [&] { return methods_of(file).xSync(shim(file).real, flags); };
  return pass(*shim(file).observer, IoCall::kSync, *shim(file).path, call,
              [&] { shim(file).observer->synced(*shim(file).path); });
}

int file_size(sqlite3_file* file, sqlite3_int64* size) { return methods_of(file).xFileSize(shim(file).real, size); }
int lock_file(sqlite3_file* file, int level) { return methods_of(file).xLock(shim(file).real, level); }
int unlock_file(sqlite3_file* file, int level) { return methods_of(file).xUnlock(shim(file).real, level); }
int check_lock(sqlite3_file* file, int* held) { return methods_of(file).xCheckReservedLock(shim(file).real, held); }
int control_file(sqlite3_file* file, int what, void* argument) {
  return methods_of(file).xFileControl(shim(file).real, what, argument);
}
int sector_size(sqlite3_file* file) { return methods_of(file).xSectorSize(shim(file).real); }
int characteristics(sqlite3_file* file) { return methods_of(file).xDeviceCharacteristics(shim(file).real); }

int map_shm(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  const auto call = [&] { return methods_of(file).xShmMap(shim(file).real, region, size, extend, out); };
  return pass(*shim(file).observer, IoCall::kShmMap, *shim(file).path, call, [] {});
}
int lock_shm(sqlite3_file* file, int offset, int count, int flags) {
  return methods_of(file).xShmLock(shim(file).real, offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { methods_of(file).xShmBarrier(shim(file).real); }
int unmap_shm(sqlite3_file* file, int remove) { return methods_of(file).xShmUnmap(shim(file).real, remove); }

// Version 2: no memory-mapped reads, which nobody could watch.
const sqlite3_io_methods kMethods = {
    2,         close_file,  read_file,  write_file,   truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_lock, control_file, sector_size,   characteristics, map_shm,
    lock_shm,  shm_barrier, unmap_shm,  nullptr,      nullptr,
};

}  // namespace

struct ShimVfs::Registration {
  std::string name;
  IoObserver& observer;
  sqlite3_vfs* real;
  sqlite3_vfs vfs;

  static Registration& of(sqlite3_vfs* vfs) { return *static_cast<Registration*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    Registration& self = of(vfs);
    auto* made = new (file) ShimFile{};
    const std::string path = name == nullptr ? "" : name;
    made->real = reinterpret_cast<sqlite3_file*>(made + 1);
    made->real->pMethods = nullptr;
    const auto call = [&] { return self.real->xOpen(self.real, name, made->real, flags, out_flags); };
    const int code = pass(self.observer, IoCall::kOpen, path, call, [&] { self.observer.opened(path); });
    if (made->real->pMethods == nullptr) return code;
    if (code != SQLITE_OK) {
      made->real->pMethods->xClose(made->real);
      return code;
    }
    made->observer = &self.observer;
    made->path = new std::string(path);
    made->base.pMethods = &kMethods;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    Registration& self = of(vfs);
    const auto call = [&] { return self.real->xDelete(self.real, name, sync_directory); };
    return pass(self.observer, IoCall::kDelete, name, call, [&] { self.observer.deleted(name); });
  }

  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
    return of(vfs).real->xAccess(of(vfs).real, name, flags, out);
  }
  static int full_path(sqlite3_vfs* vfs, const char* name, int size, char* out) {
    return of(vfs).real->xFullPathname(of(vfs).real, name, size, out);
  }
};

ShimVfs::ShimVfs(std::string name, IoObserver& observer) {
  sqlite3_vfs* real = sqlite3_vfs_find("unix");
  if (real == nullptr) throw std::runtime_error("no unix VFS");
  registration_ = std::make_unique<Registration>(Registration{std::move(name), observer, real, *real});
  sqlite3_vfs& vfs = registration_->vfs;
  vfs.zName = registration_->name.c_str();
  vfs.pAppData = registration_.get();
  vfs.szOsFile = static_cast<int>(sizeof(ShimFile)) + real->szOsFile;
  vfs.pNext = nullptr;
  vfs.xOpen = Registration::open;
  vfs.xDelete = Registration::remove;
  vfs.xAccess = Registration::access;
  vfs.xFullPathname = Registration::full_path;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error("the VFS cannot be registered");
}

ShimVfs::~ShimVfs() { sqlite3_vfs_unregister(&registration_->vfs); }

const std::string& ShimVfs::name() const { return registration_->name; }

}  // namespace rescind
