// A tree of Boost.JSON from what verify/json_reader.h reads, for those who want to look around in it. Not installed:
// Boost.JSON stays out of the public headers.
#ifndef RESCIND_VERIFY_STRICT_JSON_H_
#define RESCIND_VERIFY_STRICT_JSON_H_

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

namespace rescind {

// Absent where JsonReader says no, and where an integer does not fit into 64 bits: as a double it would be another number when
// it is written again. A number is an int64 where it fits, a uint64 where that fits, and a double where it has a fraction or an
// exponent. Memory is a small multiple of text.size(): the caller bounds it. `storage` must outlive the value.
std::optional<boost::json::value> parse_strict_json(std::string_view text, std::size_t max_depth,
                                                    boost::json::storage_ptr storage = {});

}  // namespace rescind

#endif  // RESCIND_VERIFY_STRICT_JSON_H_
