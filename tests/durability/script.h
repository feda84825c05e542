// A fixed scenario with every kind of operation, and what must hold of a store afterwards, however the scenario went.
#ifndef RESCIND_TESTS_DURABILITY_SCRIPT_H_
#define RESCIND_TESTS_DURABILITY_SCRIPT_H_

#include <functional>
#include <string>
#include <vector>

#include "store/store.h"

namespace rescind {

struct Step {
  std::string name;
  std::function<bool(Store&)> act;    // true where it was acknowledged
  std::function<void(Store&)> check;  // that what the last acknowledged act() promised is there
};

// The steps remember what they were told, so each run needs steps of its own.
std::vector<Step> make_script();

// Runs all steps; one that fails is sent again `retries` times. Returns the steps that were acknowledged.
std::vector<const Step*> play(const std::vector<Step>& script, Store& store, int retries);

// Nothing is half-done: a session is ended by revocation exactly where its revocation is there, each change has its event
// and each event its change, numbers are not given twice.
void check_invariants(Store& store);

}  // namespace rescind

#endif  // RESCIND_TESTS_DURABILITY_SCRIPT_H_
