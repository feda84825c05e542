// Ids on the command line. They are base64url, so one in 64 begins with "-", and CLI11 would take it for an option.
#ifndef RESCIND_MAIN_ID_ARGUMENTS_H_
#define RESCIND_MAIN_ID_ARGUMENTS_H_

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace rescind {

// As long as an id of ours (22) or of a key (43), "-" in front, base64url, with a capital letter: no option of ours is.
bool is_id_like_an_option(std::string_view argument);

// Such an argument with a mark in front, any other as it is; and what takes the mark off again, in every option of `app` and
// its subcommands. To be called when they have all been added.
std::string mark_id(std::string argument);
void unmark_ids(CLI::App& app);

}  // namespace rescind

#endif  // RESCIND_MAIN_ID_ARGUMENTS_H_
