#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/layers/layer_rules.h"

namespace rescind::layers {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Every header and source of verify/, sdk/ and src/; the test runs in the root of the repository.
std::vector<SourceFile> read_sources() {
  std::vector<SourceFile> files;
  for (const char* const root : {"verify", "sdk", "src"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() || (extension != ".h" && extension != ".cc")) continue;
      std::ifstream stream(entry.path());
      files.push_back({entry.path().generic_string(), {std::istreambuf_iterator<char>(stream), {}}});
    }
  }
  return files;
}

Violations violations_of_all(Violations (*find)(const SourceFile&)) {
  Violations all;
  for (const SourceFile& file : read_sources()) {
    for (std::string& violation : find(file)) all.push_back(std::move(violation));
  }
  return all;
}

TEST(Layers, EveryIncludePointsDownwards) { EXPECT_THAT(violations_of_all(find_include_violations), IsEmpty()); }

TEST(Layers, HeavyLibrariesAndClocksHaveOnePlace) { EXPECT_THAT(violations_of_all(find_place_violations), IsEmpty()); }

TEST(Layers, FilesAreSmallAndNamedAfterSomething) { EXPECT_THAT(violations_of_all(find_size_and_name_violations), IsEmpty()); }

TEST(Layers, TheWholeTreeIsRead) { EXPECT_GT(read_sources().size(), 80u); }

// The rules themselves, against files that break them.

TEST(LayerRules, FindAnIncludeThatPointsUpwards) {
  EXPECT_THAT(find_include_violations({"src/domain/x.cc", "#include \"domain/x.h\"\n#include \"store/store.h\"\n"}),
              ElementsAre("src/domain/x.cc:2 may not include store/store.h"));
  const SourceFile upwards[] = {
      {"verify/x.cc", "#include \"base/clock.h\""},
      {"verify/include/rescind/x.h", "#include \"domain/user.h\""},
      {"verify/include/rescind/x.h", "#include \"verify/strict_json.h\""},
      {"verify/x.cc", "#include \"sdk/c/handles.h\""},
      {"sdk/c/x.cc", "#include \"verify/strict_json.h\""},
      {"src/base/x.cc", "#include \"domain/user.h\""},
      {"src/token/x.cc", "#include \"store/store.h\""},
      {"src/webauthn/x.cc", "#include \"token/access_token.h\""},
      {"src/domain/x.cc", "#include \"webauthn/assertion.h\""},
      {"src/feed/x.cc", "#include \"service/revocations.h\""},
      {"src/store/store.h", "#include \"store/sqlite/sqlite_store.h\""},
      {"src/store/memory/x.cc", "#include \"store/sqlite/sqlite_store.h\""},
      {"src/store/sqlite/x.cc", "#include \"service/sessions.h\""},
      {"src/service/x.cc", "#include \"http/api.h\""},
      {"src/service/x.cc", "  #  include  \"store/sqlite/sqlite_store.h\""},
      {"src/http/x.cc", "#include \"store/memory/memory_store.h\""},
      {"src/http/x.cc", "#include \"feed/lease.h\""},
      {"src/http/x.cc", "#include \"wire/server.h\""},
      {"src/wire/x.cc", "#include \"http/api.h\""},
      {"src/wire/x.cc", "#include \"service/sessions.h\""},
      {"src/wire/x.cc", "#include \"../service/sessions.h\""},
      {"src/new/x.cc", ""},
  };
  for (const SourceFile& file : upwards) EXPECT_THAT(find_include_violations(file), SizeIs(1)) << file.path << file.text;
}

TEST(LayerRules, LetAnIncludeThatPointsDownwardsPass) {
  const SourceFile downwards[] = {
      {"src/service/x.cc", "#include \"store/store.h\"\n#include \"rescind/verifier.h\"\n#include <vector>"},
      {"src/store/sqlite/x.cc", "#include \"store/merge_revocation.h\"\n#include \"store/sqlite/statement.h\""},
      {"src/wire/x.cc", "#include \"http/handler.h\""},
      {"src/main/x.cc", "#include \"store/sqlite/sqlite_store.h\""},
      {"src/http/x_test.cc", "#include \"http/testing/fake_store.h\""},
  };
  for (const SourceFile& file : downwards) EXPECT_THAT(find_include_violations(file), IsEmpty()) << file.path;
}

TEST(LayerRules, FindALibraryOutsideItsPlace) {
  const SourceFile misplaced[] = {
      {"src/http/x.cc", "#include <boost/beast/http.hpp>"},
      {"src/store/memory/x.cc", "#include <sqlite3.h>"},
      {"src/main/x.cc", "#include <openssl/ssl.h>"},
      {"src/service/log_in.cc", "#include <argon2.h>"},
      {"src/service/log_in.cc", "auto now = std::chrono::system_clock::now();"},
      {"src/main/x.cc", "steady_clock :: now ()"},
      {"verify/include/rescind/x.h", "#include <openssl/evp.h>"},
      {"verify/include/rescind/x.h", "#include <boost/json.hpp>"},
      {"sdk/c/include/rescind/x.h", "#include <boost/json.hpp>"},
  };
  for (const SourceFile& file : misplaced) EXPECT_THAT(find_place_violations(file), SizeIs(1)) << file.path << file.text;
  EXPECT_THAT(find_place_violations({"src/wire/x.cc", "#include <boost/beast/core.hpp>"}), IsEmpty());
  EXPECT_THAT(find_place_violations({"src/base/clock.cc", "std::chrono::steady_clock::now()"}), IsEmpty());
}

TEST(LayerRules, FindALongFileAndAnEmptyName) {
  EXPECT_THAT(find_size_and_name_violations({"src/http/x.cc", std::string(401, '\n')}), ElementsAre(HasSubstr("401 lines")));
  EXPECT_THAT(find_size_and_name_violations({"src/http/x.cc", std::string(400, '\n')}), IsEmpty());
  EXPECT_THAT(find_size_and_name_violations({"src/http/x_test.cc", std::string(900, '\n')}), IsEmpty());
  for (const char* path :
       {"src/http/string_utils.h", "src/service/session_manager.cc", "src/common/x.h", "src/wire/helpers.cc"}) {
    EXPECT_THAT(find_size_and_name_violations({path, ""}), SizeIs(1)) << path;
  }
}

}  // namespace
}  // namespace rescind::layers
