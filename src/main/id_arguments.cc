#include "main/id_arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/field_rules.h"

namespace rescind {
namespace {

constexpr char kMark = ' ';
constexpr ByteSet kBase64Url = alphanumeric_and("-_");

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

bool is_id_like_an_option(std::string_view argument) {
  const bool has_length = argument.size() == 22 || argument.size() == 43;
  return has_length && argument.front() == '-' && all_in(kBase64Url, argument) && std::ranges::any_of(argument, is_capital);
}

std::string mark_id(std::string argument) {
  if (is_id_like_an_option(argument)) argument.insert(argument.begin(), kMark);
  return argument;
}

void unmark_ids(CLI::App& app) {
  for (CLI::Option* const option : app.get_options()) {
    if (option->get_items_expected_max() == 0) continue;
    option->transform([](std::string value) {
      const bool is_marked =
          !value.empty() && value.front() == kMark && is_id_like_an_option(std::string_view(value).substr(1));
      return is_marked ? value.substr(1) : value;
    });
  }
  for (CLI::App* const command : app.get_subcommands({})) unmark_ids(*command);
}

}  // namespace rescind
