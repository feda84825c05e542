#include "verify/base64url_wide.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace rescind {

#ifdef __x86_64__
namespace {

constexpr std::size_t kBlock = 32;  // characters

#define RESCIND_AVX2 __attribute__((target("avx2"), always_inline)) inline

// Of each byte: all ones where first <= byte <= last, else zero. The bytes count as signed, so none above 0x7f is in a range.
RESCIND_AVX2 __m256i is_between(__m256i bytes, char first, char last) {
  const __m256i is_below = _mm256_cmpgt_epi8(_mm256_set1_epi8(first), bytes);
  return _mm256_andnot_si256(is_below, _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(last + 1)), bytes));
}

RESCIND_AVX2 __m256i where(__m256i mask, int summand) {
  return _mm256_and_si256(mask, _mm256_set1_epi8(static_cast<char>(summand)));
}

// False where a character is not in the alphabet of RFC 4648 section 5; else the six bits of each.
RESCIND_AVX2 bool read_values(__m256i characters, __m256i& values) {
  const __m256i upper = is_between(characters, 'A', 'Z');
  const __m256i lower = is_between(characters, 'a', 'z');
  const __m256i digit = is_between(characters, '0', '9');
  const __m256i minus = _mm256_cmpeq_epi8(characters, _mm256_set1_epi8('-'));
  const __m256i underscore = _mm256_cmpeq_epi8(characters, _mm256_set1_epi8('_'));
  const __m256i known =
      _mm256_or_si256(_mm256_or_si256(_mm256_or_si256(upper, lower), _mm256_or_si256(digit, minus)), underscore);
  const __m256i letters = _mm256_or_si256(where(upper, -'A'), where(lower, 26 - 'a'));
  const __m256i others =
      _mm256_or_si256(_mm256_or_si256(where(digit, 52 - '0'), where(minus, 62 - '-')), where(underscore, 63 - '_'));
  values = _mm256_add_epi8(characters, _mm256_or_si256(letters, others));
  return _mm256_movemask_epi8(known) == -1;
}

// 32 values of six bits to 24 bytes, in the low three quarters.
RESCIND_AVX2 __m256i pack(__m256i values) {
  // Of each four values a b c d: a << 6 | b and c << 6 | d, then 24 bits, whose bytes stand the wrong way round.
  const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
  const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  const __m256i order = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,  //
                                         2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  return _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(groups, order), _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

RESCIND_AVX2 bool decode_block(const char* from, std::uint8_t* to) {
  __m256i values;
  if (!read_values(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), values)) return false;
  const __m256i bytes = pack(values);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(bytes));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to + 16), _mm256_extracti128_si256(bytes, 1));
  return true;
}

__attribute__((target("avx2"))) std::size_t decode_groups(std::string_view text, std::uint8_t* to) {
  const std::size_t groups_end = text.size() / 4 * 4;
  if (groups_end < kBlock) return 0;
  const std::size_t last = groups_end - kBlock;
  std::size_t at = 0;
  for (; at < last; at += kBlock) {
    if (!decode_block(text.data() + at, to + at / 4 * 3)) return 0;
  }
  // The last block may overlap the one before: those characters are decoded twice, to the same bytes.
  return decode_block(text.data() + last, to + last / 4 * 3) ? groups_end : 0;
}

#undef RESCIND_AVX2

}  // namespace

std::size_t base64url_decode_groups(std::string_view text, std::uint8_t* to) {
  return __builtin_cpu_supports("avx2") ? decode_groups(text, to) : 0;
}
#else
std::size_t base64url_decode_groups(std::string_view, std::uint8_t*) { return 0; }
#endif

}  // namespace rescind
