// Counts what a program allocates, by whatever door: malloc(), its kin, operator new, OpenSSL. Whoever links this has a
// malloc() that counts, so the tests that need it are programs of their own.
#ifndef RESCIND_VERIFY_TESTING_ALLOCATION_COUNT_H_
#define RESCIND_VERIFY_TESTING_ALLOCATION_COUNT_H_

#include <cstdint>

namespace rescind {

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
inline constexpr bool kAllocationsAreCounted = true;
#else
inline constexpr bool kAllocationsAreCounted = false;  // the sanitizers have a malloc of their own
#endif

// Of all threads so far, but those that were left out.
std::uint64_t allocations_made();

// Counts the calling thread's no more: a client's, beside the server that is looked at.
void leave_out_this_thread();

}  // namespace rescind

#endif  // RESCIND_VERIFY_TESTING_ALLOCATION_COUNT_H_
