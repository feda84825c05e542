// std::mutex with clang's thread-safety annotations (checked with -Wthread-safety by `./dev lint`).
#ifndef RESCIND_BASE_MUTEX_H_
#define RESCIND_BASE_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define RESCIND_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define RESCIND_THREAD_ANNOTATION(x)
#endif

#define GUARDED_BY(mutex) RESCIND_THREAD_ANNOTATION(guarded_by(mutex))
#define REQUIRES(mutex) RESCIND_THREAD_ANNOTATION(requires_capability(mutex))
#define EXCLUDES(mutex) RESCIND_THREAD_ANNOTATION(locks_excluded(mutex))

namespace rescind {

class RESCIND_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() RESCIND_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() RESCIND_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class RESCIND_THREAD_ANNOTATION(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) RESCIND_THREAD_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() RESCIND_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits on a Mutex that the caller holds.
class CondVar {
 public:
  void wait(Mutex& mutex) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();  // the caller holds it again
  }
  // Returns when notified or when `time` has passed, whichever comes first; or for no reason.
  void wait_for(Mutex& mutex, std::chrono::milliseconds time) REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_for(lock, time);
    lock.release();
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace rescind

#endif  // RESCIND_BASE_MUTEX_H_
