// The operator of the swarm: pauses, retries, redrives and drops while things go wrong, and puts
// everything in order afterwards.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "base/id.h"
#include "sim/world.h"

namespace sluice::sim {

class Operations {
 public:
  explicit Operations(World& world) : world_(world) {}

  // Draws what is done when.
  void start();
  // Begins nothing new, and when all has ended turns every endpoint on again; repeated until each
  // call is answered.
  void restore();

  [[nodiscard]] bool is_restored() const { return restored_; }
  // Messages whose order is not what it was: redriven or dropped.
  [[nodiscard]] const std::set<std::string>& moved() const { return moved_; }

 private:
  void act();
  void post(std::string target, World::Answered answered);
  void restore_from(std::size_t n);
  // The id of some message whose row has this prefix; empty where there is none.
  [[nodiscard]] std::string some_message(const std::string& prefix);

  World& world_;
  std::set<std::string> moved_;
  bool stopped_ = false;
  bool restored_ = false;
};

}  // namespace sluice::sim
