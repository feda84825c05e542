// "Did you mean …?" for a name that is not known.
#ifndef RESCIND_MAIN_NEAREST_NAME_H_
#define RESCIND_MAIN_NEAREST_NAME_H_

#include <string>
#include <string_view>
#include <vector>

namespace rescind {

// The name with the least edit distance to `wanted` (the first of several); empty where `names` is.
std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace rescind

#endif  // RESCIND_MAIN_NEAREST_NAME_H_
