// http_fill DATABASE COUNT: a store with COUNT live revocations.
#include <cstdio>
#include <cstdlib>

#include "bench/server/fill_store.h"

int main(int argc, char** argv) {
  if (argc != 3) return std::fputs("usage: http_fill DATABASE COUNT\n", stderr), 2;
  rescind::bench::fill_revocations(argv[1], std::strtoull(argv[2], nullptr, 10), std::chrono::hours(2));
  return 0;
}
