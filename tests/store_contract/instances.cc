#include <ostream>

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "tests/store_contract/store_contract.h"
#include "tests/testing/temporary_directory.h"

namespace rescind {
namespace {

class MemoryHarness final : public StoreHarness {
 public:
  Store& store() override { return *store_; }
  void reopen() override { store_ = std::make_unique<MemoryStore>(store_->snapshot()); }

 private:
  std::unique_ptr<MemoryStore> store_ = std::make_unique<MemoryStore>();
};

class SqliteHarness final : public StoreHarness {
 public:
  SqliteHarness() { open(); }
  Store& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    open();
  }

 private:
  void open() {
    SqliteOptions options;
    options.path = directory_.file("rescind.db");
    auto opened = SqliteStore::open(options);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = std::move(*opened);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<SqliteStore> store_;
};

template <class Harness>
std::unique_ptr<StoreHarness> make() {
  return std::make_unique<Harness>();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const StoreFactory& factory) { return out << factory.name; }

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         ::testing::Values(StoreFactory{"Memory", make<MemoryHarness>},
                                           StoreFactory{"Sqlite", make<SqliteHarness>}),
                         [](const auto& instance) { return instance.param.name; });

void expect_same(const User& a, const User& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.email, b.email);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.password_hash, b.password_hash);
  EXPECT_EQ(a.token_version, b.token_version);
  EXPECT_EQ(a.roles, b.roles);
  EXPECT_EQ(a.created_at, b.created_at);
  EXPECT_EQ(a.email_verified_at, b.email_verified_at);
  EXPECT_EQ(a.block, b.block);
}

void expect_same(const Session& a, const Session& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.user, b.user);
  EXPECT_EQ(a.generation, b.generation);
  EXPECT_EQ(a.generation_at, b.generation_at);
  EXPECT_EQ(a.created_at, b.created_at);
  EXPECT_EQ(a.last_used_at, b.last_used_at);
  EXPECT_EQ(a.expires_at, b.expires_at);
  EXPECT_EQ(a.device, b.device);
  EXPECT_EQ(a.user_agent, b.user_agent);
  EXPECT_EQ(a.address, b.address);
  EXPECT_EQ(a.amr, b.amr);
  EXPECT_EQ(a.client_id, b.client_id);
  EXPECT_EQ(a.claims_json, b.claims_json);
  ASSERT_EQ(a.ended.has_value(), b.ended.has_value());
  if (!a.ended) return;
  EXPECT_EQ(a.ended->at, b.ended->at);
  EXPECT_EQ(a.ended->reason, b.ended->reason);
}

}  // namespace rescind
