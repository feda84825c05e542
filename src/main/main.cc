#include <unistd.h>

#include <iostream>

#include "main/command_line.h"

int main(int argc, char** argv) {
  return rescind::run_command_line(std::vector<std::string>(argv + 1, argv + argc), environ,
                                   rescind::Streams{std::cin, std::cout, std::cerr});
}
