#ifndef RESCIND_BASE_FILE_DESCRIPTOR_H_
#define RESCIND_BASE_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace rescind {

// Closes what it owns. -1: nothing.
class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace rescind

#endif  // RESCIND_BASE_FILE_DESCRIPTOR_H_
