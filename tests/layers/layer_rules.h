// Who may include whom, and where a few things may stand: the architecture as a table that a test reads.
#ifndef RESCIND_TESTS_LAYERS_LAYER_RULES_H_
#define RESCIND_TESTS_LAYERS_LAYER_RULES_H_

#include <string>
#include <string_view>
#include <vector>

namespace rescind::layers {

struct SourceFile {
  std::string path;  // from the root of the repository: "src/http/api.cc"
  std::string text;
};

// Each of these gives one line per violation; an empty list is a pass.
using Violations = std::vector<std::string>;

// #include "…" against the table of layers.
Violations find_include_violations(const SourceFile& file);

// Libraries, headers and calls that have one place.
Violations find_place_violations(const SourceFile& file);

// Length, and names that say nothing.
Violations find_size_and_name_violations(const SourceFile& file);

}  // namespace rescind::layers

#endif  // RESCIND_TESTS_LAYERS_LAYER_RULES_H_
