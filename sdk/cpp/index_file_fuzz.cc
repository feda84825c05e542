// Any bytes as a block, behind a good header or not: what is attached may answer anything, but reads nothing outside of it.
#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "rescind/revocation_index.h"
#include "verify/index_format.h"

namespace {

using namespace rescind;

// First byte: how much of the header is kept good. Then pairs of a place in the header and directories, and a byte for it.
struct Block {
  Block() : bytes(static_cast<std::byte*>(std::aligned_alloc(4096, index_block_bytes(8)))) {
    std::memset(bytes, 0, index_block_bytes(8));
  }
  std::byte* bytes;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Block block;
  static const auto good = [] {
    auto memory = reserve_heap_memory(8);
    const std::span<std::byte> range = memory->range();
    const RevocationIndex index(std::move(memory));
    std::array<std::byte, sizeof(IndexHeader)> header;
    std::copy_n(range.begin(), header.size(), header.begin());
    return header;
  }();
  std::memset(block.bytes, 0, kHeadBytes);
  std::copy(good.begin(), good.end(), block.bytes);
  auto& live = reinterpret_cast<IndexHeader*>(block.bytes)->live;
  for (auto& count : live) count = 1;
  for (std::size_t at = 0; at + 3 <= size; at += 3) {
    const std::size_t place = (data[at] | static_cast<std::size_t>(data[at + 1]) << 8) % kHeadBytes;
    block.bytes[place] = static_cast<std::byte>(data[at + 2]);
  }
  const auto view = RevocationView::attach({block.bytes, index_block_bytes(8)});
  if (!view) return 0;
  Claims claims;
  claims.session_id = "s";
  claims.client_id = "c";
  for (int i = 0; i < 16; ++i) {
    TokenKeys keys;
    const std::string id = std::to_string(i);
    claims.token_id = id;
    (void)view->find_match(claims, keys);
  }
  return 0;
}
