// Runs the swarm over as many seeds as asked: it reads arguments and prints, so it is native.
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "sim/marks.h"
#include "sim/swarm.h"

namespace {

using sluice::sim::RunReport;

struct Options {
  std::uint64_t seeds = 1000;
  std::uint64_t from = 1;
  bool told = false;  // Every step is printed.
};

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool read(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (name == "--tell") {
      options.told = true;
    } else if (name == "--seeds" && read_number(value, options.seeds)) {
      ++i;
    } else if (name == "--from" && read_number(value, options.from)) {
      ++i;
    } else {
      return false;
    }
  }
  return true;
}

// One line per step; bytes that are not text are shown as dots.
void tell(sluice::Duration at, std::string_view what, std::string_view about) {
  std::string line = std::to_string(at.ms) + " ms  ";
  line.append(what.substr(0, 100)).append("  ").append(about.substr(0, 100));
  for (char& c : line) {
    if (c < ' ' || c > '~') c = '.';
  }
  std::puts(line.c_str());
}

void print(const RunReport& run) {
  for (const auto& violation : run.violations) {
    std::printf("seed %llu: %s\n", static_cast<unsigned long long>(run.seed), violation.c_str());
  }
}

void print_totals(const RunReport& total, std::uint64_t seeds) {
  const auto number = [](const char* what, std::uint64_t n) {
    std::printf("  %-28s %llu\n", what, static_cast<unsigned long long>(n));
  };
  number("steps", total.steps);
  number("faults", total.faults);
  number("crashes", total.crashes);
  number("take-overs of a live owner", total.splits);
  number("tails of commits lost", total.tails_lost);
  number("webhooks", total.webhooks);
  number("delivered", total.delivered);
  number("arrived again", total.duplicates);
  number("dead letters", total.dead);
  number("items of the API", total.items);
  number("log entries copied", total.copied);
  for (const auto& [name, count] : sluice::sim::marks()) {
    std::printf("  %-60.*s %llu\n", static_cast<int>(name.size()), name.data(),
                static_cast<unsigned long long>(count));
  }
  std::printf("trace swarm %llu %016llx\n", static_cast<unsigned long long>(seeds),
              static_cast<unsigned long long>(total.hash));
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!read(argc, argv, options)) {
    std::fputs("usage: sluice_sim [--seeds N] [--from S] [--tell]\n", stderr);
    return 2;
  }
  RunReport total;
  for (std::uint64_t n = 0; n < options.seeds; ++n) {
    const RunReport run = sluice::sim::run_seed(options.from + n, options.told ? tell : nullptr);
    print(run);
    add(total, run);
    if ((n + 1) % 1000 == 0) {
      std::printf("%llu seeds\n", static_cast<unsigned long long>(n + 1));
      std::fflush(stdout);
    }
  }
  print_totals(total, options.seeds);
  std::printf("%llu seeds, %zu violations\n", static_cast<unsigned long long>(options.seeds),
              total.violations.size());
  return total.violations.empty() ? 0 : 1;
}
