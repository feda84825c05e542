// The leaf library: what a check costs beside the bare OpenSSL primitive, and what it costs when the token was seen before.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "bench/lib/openssl_baseline.h"
#include "bench/measure/clocks.h"
#include "bench/measure/report.h"
#include "bench/measure/turns.h"
#include "rescind/caching_verifier.h"
#include "rescind/revocation_index.h"
#include "rescind/verifier.h"
#include "verify/sha256.h"
#include "verify/testing/token_maker.h"

namespace rescind::bench {
namespace {

using std::chrono::sys_seconds;

constexpr sys_seconds kNow{std::chrono::seconds(1'700'000'000)};
constexpr std::size_t kFewTokens = 50;
constexpr std::size_t kTurnsOfARotation = 10;
constexpr std::size_t kChanges = 60'000;  // of which some come into each of the index's 2 x 4096 sub-tables
constexpr std::string_view kSecret = "0123456789abcdef0123456789abcdef";

void require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "lib_bench: %s\n", what);
  std::abort();
}

// 22 characters, as 128 random bits are written.
std::string id_of(std::string_view kind, std::size_t number) {
  const Sha256Digest digest = sha256({kind, std::to_string(number)});
  return testing::encode(as_text(std::span(digest).first(16)));
}

// The claims that the server writes.
std::string token_of(const testing::TokenMaker& maker, std::size_t number) {
  testing::ClaimsText claims(kNow);
  claims.set("sub", testing::quote(id_of("user", number))).set("jti", testing::quote(id_of("token", number)));
  claims.set("sid", testing::quote(id_of("session", number))).set("auth_time", kNow).set("amr", R"(["pwd"])");
  claims.remove("client_id");
  return maker.make(claims.text());
}

std::vector<std::string> tokens_of(const testing::TokenMaker& maker, std::size_t count) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < count; ++i) tokens.push_back(token_of(maker, i));
  return tokens;
}

// Revocations that are alive and touch none of our tokens: of tokens, sessions and users, a third each.
void apply_many(RevocationIndex& index, std::size_t count) {
  constexpr std::size_t kPage = 10'000;
  std::vector<Revocation> page;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = std::to_string(i);
    Revocation revocation{i + 1, RevocationKind::kToken, {}, 0, kNow + std::chrono::hours(1)};
    switch (i % 3) {
      case 0: revocation.key = token_key(testing::kIssuer, "revoked " + id); break;
      case 1:
        revocation.kind = RevocationKind::kSession;
        revocation.key = session_key(testing::kIssuer, "revoked " + id);
        break;
      default:
        revocation.kind = RevocationKind::kUser;
        revocation.key = user_key(testing::kIssuer, "revoked " + id);
        revocation.value = 1;
    }
    page.push_back(revocation);
    if (page.size() < kPage && i + 1 < count) continue;
    require(index.apply(page).has_value(), "the index is full");
    page.clear();
  }
}

std::unique_ptr<RevocationIndex> index_of(std::size_t count) {
  auto index = std::make_unique<RevocationIndex>();
  apply_many(*index, count);
  require(index->size() == count, "revocations are missing");
  return index;
}

struct Subject {
  const testing::TokenMaker& maker;
  std::vector<std::string> tokens;
  KeySet keys = maker.key_set();
  VerifierPolicy policy = testing::default_policy();
};

// Checks all tokens in rotation, `turn` of them each time that it is asked: turns are short, so that what the machine does
// meanwhile befalls all contenders alike.
template <class Check>
Contender rotation_of(std::size_t tokens, std::size_t turn, Check check) {
  return [=, first = std::size_t{0}]() mutable {
    const double ns = cpu_ns_per_call(turn, [&](std::size_t i) { check((first + i) % tokens); });
    first += turn;
    return ns;
  };
}

void check(const Subject& subject, const KeySet& keys, const RevocationIndex& index, std::size_t number) {
  const auto result = verify(subject.tokens[number], keys, index, subject.policy, kNow);
  require(result.has_value(), "a good token was refused");
  keep(*result);
}

// Under a key that has been in use for some thousand checks.
Contender whole_check(const Subject& subject, const RevocationIndex& index, std::size_t turn) {
  for (std::size_t i = 0; i < 2'000; ++i) check(subject, subject.keys, index, i % subject.tokens.size());
  return rotation_of(subject.tokens.size(), turn, [&](std::size_t i) { check(subject, subject.keys, index, i); });
}

// Under one that is new with each turn.
Contender whole_check_under_new_keys(const Subject& subject, const RevocationIndex& index, std::size_t turn) {
  const auto keys = std::make_shared<KeySet>();
  const Contender rotation =
      rotation_of(subject.tokens.size(), turn, [&, keys](std::size_t i) { check(subject, *keys, index, i); });
  return [&subject, keys, rotation] {
    *keys = subject.maker.key_set();
    return rotation();
  };
}

Contender bare_check(OpensslBaseline& baseline, const OpensslBaseline::Way& way, std::size_t count, std::size_t turn) {
  return rotation_of(count, turn, [&baseline, check = way.check](std::size_t i) {
    require((baseline.*check)(i), "OpenSSL refused a good token");
  });
}

// The whole check, seen for the first time, against the fastest way that OpenSSL has for the signature alone.
void measure_first_sight(Report& report, const std::string& name, const Subject& subject, const RevocationIndex& index,
                         OpensslBaseline baseline, std::size_t rounds) {
  const std::size_t turn = subject.tokens.size() / kTurnsOfARotation;
  const bool gets_faster = subject.maker.key().algorithm() == Algorithm::kEs256;  // with use
  std::vector<Contender> contenders{whole_check(subject, index, turn)};
  if (gets_faster) contenders.push_back(whole_check_under_new_keys(subject, index, turn));
  const std::size_t first_way = contenders.size();
  for (const OpensslBaseline::Way& way : baseline.ways()) {
    contenders.push_back(bare_check(baseline, way, subject.tokens.size(), turn));
  }
  const std::vector<Samples> samples = take_turns(contenders, rounds * kTurnsOfARotation);
  std::size_t fastest = first_way;
  for (std::size_t way = first_way; way < samples.size(); ++way) {
    std::printf("%s: %s %.0f ns\n", name.c_str(), baseline.ways()[way - first_way].name.c_str(),
                spread_of(samples[way]).median);
    if (spread_of(samples[way]).median < spread_of(samples[fastest]).median) fastest = way;
  }
  report.add("lib." + name + "_vs_openssl", "ratio", ratios(samples[0], samples[fastest]));
  report.add("lib." + name + "_check_ns", "ns", samples[0]);
  if (gets_faster) {
    report.add("lib." + name + "_vs_openssl.new_key", "ratio", ratios(samples[1], samples[fastest]));
    report.add("lib." + name + "_check_ns.new_key", "ns", samples[1]);
  }
  report.add("lib." + name + "_openssl_ns", "ns", samples[fastest]);
}

// Reads of which each says where the next one is, at random: what one of them waits for memory, where so much of it is in use.
class RandomReads {
 public:
  explicit RandomReads(std::size_t bytes) : lines_(bytes / sizeof(Line)) {
    std::vector<std::uint32_t> order(lines_.size());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (std::size_t i = 0; i < order.size(); ++i) lines_[order[i]].next = order[(i + 1) % order.size()];
  }
  double ns_per_read() {
    return cpu_ns_per_call(count_of(500'000, 1'000), [this](std::size_t) { at_ = lines_[at_].next; });
  }

 private:
  struct alignas(64) Line {
    std::uint32_t next = 0;
  };
  std::vector<Line> lines_;
  volatile std::uint32_t at_ = 0;
};

// All tokens in rotation; so few that everything a check reads stays in the processor's own cache; and all of them while so
// much is revoked that each check finds something new beside the places where it looked before.
void measure_cached(Report& report, const std::string& figure, const Subject& subject, RevocationIndex& index,
                    std::size_t rounds) {
  CachingVerifier verifier({{subject.policy, subject.keys}}, CacheLimits{});
  for (const std::string& token : subject.tokens) require(verifier.verify(token, index, kNow).has_value(), "refused");
  const std::size_t all = subject.tokens.size();
  constexpr std::size_t kRotations = 10;
  const auto check = [&](std::size_t i) {
    const auto result = verifier.verify(subject.tokens[i], index, kNow);
    require(result.has_value(), "a good token was refused");
    keep(*result);
  };
  const Contender rotation_after_changes = [&] {
    double sum = 0;
    for (std::size_t i = 0; i < kRotations; ++i) {
      apply_many(index, kChanges);
      sum += cpu_ns_per_call(all, check);
    }
    return sum / kRotations;
  };
  const std::vector<Contender> contenders{rotation_of(all, kRotations * all, check),
                                          rotation_of(kFewTokens, kRotations * all, check), rotation_after_changes};
  const std::uint64_t misses = verifier.misses();
  const std::vector<Samples> samples = take_turns(contenders, rounds);
  require(verifier.misses() - misses <= rounds * contenders.size() * kRotations * all / 100, "the cache forgets");
  report.add(figure, "ns", samples[0]);
  report.add(figure + ".few_tokens", "ns", samples[1]);
  report.add(figure + ".after_changes", "ns", samples[2]);
}

void measure_memory(Report& report, std::size_t rounds) {
  RandomReads near(std::size_t{8} << 20);
  RandomReads far(std::size_t{128} << 20);
  const std::vector<Contender> contenders{[&] { return near.ns_per_read(); }, [&] { return far.ns_per_read(); }};
  const std::vector<Samples> samples = take_turns(contenders, rounds);
  report.add("lib.memory_read_ns.8mb", "ns", samples[0]);
  report.add("lib.memory_read_ns.128mb", "ns", samples[1]);
}

int run(int argc, char** argv) {
  pin_to_core(0);
  Report report;
  const std::size_t rounds = count_of(21, 3);
  const auto es256 = testing::TokenMaker::generate(Algorithm::kEs256);
  const auto hs256 = testing::TokenMaker::from_secret(std::string(kSecret));
  const Subject es256_tokens{es256, tokens_of(es256, count_of(1'000, 50))};
  const Subject hs256_tokens{hs256, tokens_of(hs256, count_of(10'000, 100))};
  const Subject rotation{es256, tokens_of(es256, count_of(10'000, 100))};
  {
    const auto index = index_of(count_of(1'000'000, 10'000));
    measure_first_sight(report, "es256", es256_tokens, *index, OpensslBaseline::es256(es256.public_pem(), es256_tokens.tokens),
                        rounds);
    measure_first_sight(report, "hs256", hs256_tokens, *index, OpensslBaseline::hs256(kSecret, hs256_tokens.tokens), rounds);
    measure_cached(report, "lib.check_cached_ns.1m", rotation, *index, rounds);
  }
  const auto index = index_of(count_of(10'000'000, 30'000));
  measure_cached(report, "lib.check_cached_ns.10m", rotation, *index, rounds);
  measure_memory(report, rounds);
  return report.finish(argc, argv);
}

}  // namespace
}  // namespace rescind::bench

int main(int argc, char** argv) { return rescind::bench::run(argc, argv); }
