// A moment as others read it.
#ifndef RESCIND_BASE_RFC3339_H_
#define RESCIND_BASE_RFC3339_H_

#include <string>

#include "base/clock.h"

namespace rescind {

// "2026-01-31T12:00:00Z" (RFC 3339), cut off to the second.
std::string to_rfc3339(WallTime time);

}  // namespace rescind

#endif  // RESCIND_BASE_RFC3339_H_
