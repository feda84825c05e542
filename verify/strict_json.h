// JSON as a security boundary wants it: one value, no duplicate member names (compared after un-escaping), valid UTF-8, a
// bounded depth, no number that does not fit, nothing behind the value. Not installed: Boost.JSON stays out of the public
// headers.
#ifndef RESCIND_VERIFY_STRICT_JSON_H_
#define RESCIND_VERIFY_STRICT_JSON_H_

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

namespace rescind {

// Absent where `text` is not that. A number is an int64 where it fits, a uint64 where that fits, else a double. Memory is a
// small multiple of text.size(): the caller bounds it. `storage` must outlive the value.
std::optional<boost::json::value> parse_strict_json(std::string_view text, std::size_t max_depth,
                                                    boost::json::storage_ptr storage = {});

}  // namespace rescind

#endif  // RESCIND_VERIFY_STRICT_JSON_H_
