#include "cli/printing.h"

#include <boost/json/serialize.hpp>
#include <utility>

namespace rescind {
namespace {

void print_json(Console& console, const boost::json::object& object) {
  console.streams.out << make_json_harmless(boost::json::serialize(object)) << "\n";
}

void add_lines(const boost::json::object& object, const std::string& prefix, Table& table) {
  for (const auto& [name, value] : object) {
    const std::string full = prefix + std::string(name);
    if (value.is_object()) {
      add_lines(value.get_object(), full + ".", table);
    } else {
      table.add_row({full, to_cell(&value)});
    }
  }
}

}  // namespace

std::string to_cell(const boost::json::value* value) {
  if (value == nullptr || value->is_null()) return "-";
  if (value->is_string()) return value->get_string().empty() ? "-" : std::string(value->get_string());
  if (value->is_bool()) return value->get_bool() ? "yes" : "no";
  if (!value->is_array()) return boost::json::serialize(*value);
  std::string list;
  for (const boost::json::value& item : value->get_array()) list += (list.empty() ? "" : ",") + to_cell(&item);
  return list.empty() ? "-" : list;
}

std::string text_at(const boost::json::object& object, std::string_view name) {
  const boost::json::value* const found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

void print_object(Console& console, const boost::json::object& object) {
  if (console.form == OutputForm::kJson) return print_json(console, object);
  Table table;
  add_lines(object, "", table);
  table.print(console.streams.out);
}

void print_done(Console& console, const boost::json::object& answer, const std::string& sentence) {
  if (console.form == OutputForm::kJson) return print_json(console, answer);
  console.streams.out << make_harmless(sentence) << "\n";
}

ListPrinter::ListPrinter(Console& console, std::vector<Column> columns) : console_(console), columns_(std::move(columns)) {
  std::vector<std::string> heads;
  for (const Column& column : columns_) heads.push_back(column.head);
  table_.add_row(std::move(heads));
}

const boost::json::object* ListPrinter::print(const boost::json::object& answer, std::string_view member) {
  printed_ = 0;
  const boost::json::object* last = nullptr;
  const boost::json::value* const list = answer.if_contains(member);
  if (list != nullptr && list->is_array()) {
    for (const boost::json::value& entry : list->get_array()) {
      if (!entry.is_object()) continue;
      last = &entry.get_object();
      ++printed_;
      if (console_.form == OutputForm::kJson) {
        print_json(console_, *last);
        continue;
      }
      std::vector<std::string> cells;
      for (const Column& column : columns_) cells.push_back(to_cell(last->if_contains(column.member)));
      table_.add_row(std::move(cells));
    }
  }
  if (console_.form == OutputForm::kTable) table_.print(console_.streams.out);
  console_.streams.out.flush();
  return last;
}

}  // namespace rescind
