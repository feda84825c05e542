// Which run of this machine this is: what CLOCK_BOOTTIME counts on.
#ifndef RESCIND_SDK_CPP_BOOT_ID_H_
#define RESCIND_SDK_CPP_BOOT_ID_H_

#include <optional>

#include "rescind/index_memory.h"

namespace rescind {

// The bytes of /proc/sys/kernel/random/boot_id; absent where there is none.
std::optional<HostId> read_boot_id();

}  // namespace rescind

#endif  // RESCIND_SDK_CPP_BOOT_ID_H_
