#include "tables/cursors.h"

#include <string>

#include "doctest/doctest.h"
#include "sim/table_cell.h"
#include "tables/links.h"

namespace sluice::tables {
namespace {

struct Cell : sim::TableCell {
  bool reconcile_steps(std::vector<std::string> names, Instant now) {
    const auto more =
        in<bool>([&](store::Transaction& t) { return Cursors::reconcile(t, names, now); });
    return more.has_value() && *more;
  }
  bool reconcile_links(std::vector<std::string> names, Instant now) {
    const auto more =
        in<bool>([&](store::Transaction& t) { return Links::reconcile(t, names, now); });
    return more.has_value() && *more;
  }
  std::vector<std::string> due_steps(Instant now) {
    const auto due = in<std::vector<std::string>>(
        [now](store::Transaction& t) { return Cursors::due(t, now, 10); });
    return due.has_value() ? *due : std::vector<std::string>{"error"};
  }
  std::vector<std::string> due_links(Instant now) {
    const auto due = in<std::vector<std::string>>(
        [now](store::Transaction& t) { return Links::due(t, now, 10); });
    return due.has_value() ? *due : std::vector<std::string>{"error"};
  }
  std::size_t violations() {
    const auto cursors = in<Audit>([](store::Transaction& t) { return Cursors::audit(t); });
    const auto links = in<Audit>([](store::Transaction& t) { return Links::audit(t); });
    if (!cursors.has_value() || !links.has_value()) return 99;
    return cursors->size() + links->size();
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_SUITE("tables/cursors") {
  TEST_CASE("a new step is due at once, a removed one never, and a returning one again") {
    Cell cell;
    CHECK(!cell.reconcile_steps({"a", "b"}, Instant{1000}));
    CHECK(cell.due_steps(Instant{999}).empty());
    CHECK(cell.due_steps(Instant{1000}) == Names{"a", "b"});
    CHECK(!cell.reconcile_steps({"b"}, Instant{2000}));
    CHECK(cell.due_steps(Instant{9000}) == Names{"b"});
    CHECK(!cell.reconcile_steps({"a", "b"}, Instant{3000}));
    CHECK(cell.due_steps(Instant{9000}) == Names{"b", "a"});
    CHECK(cell.violations() == 0);
  }

  TEST_CASE("many steps take several transactions") {
    Cell cell;
    Names names;
    for (int i = 0; i < 60; ++i) names.push_back("s" + std::to_string(i));
    int transactions = 1;
    while (cell.reconcile_steps(names, Instant{1000}) && transactions < 10) ++transactions;
    CHECK(transactions > 1);
    CHECK(cell.world.store("main.0").count("sy/r/") == 60);
    CHECK(cell.violations() == 0);
  }

  TEST_CASE("steps are listed by name, page by page") {
    Cell cell;
    (void)cell.reconcile_steps({"a", "a-b", "b"}, Instant{1000});
    Names seen;
    std::string after;
    for (int page = 0; page < 4; ++page) {
      const auto rows = cell.in<std::vector<StepRow>>(
          [after](store::Transaction& t) { return Cursors::list(t, after, 1); });
      CHECK(rows.has_value());
      if (!rows.has_value() || rows->empty()) break;
      after = rows->front().step;
      seen.push_back(after);
    }
    CHECK(seen == Names{"a-b", "a", "b"});
  }

  TEST_CASE("a step is run now or reset by name, and an unknown one is not found") {
    Cell cell;
    (void)cell.reconcile_steps({"a"}, Instant{9000});
    CHECK(cell.in<void>([](store::Transaction& t) { return Cursors::run_now(t, "a", {5}); })
              .has_value());
    CHECK(cell.due_steps(Instant{5}) == Names{"a"});
    CHECK(cell.in<void>([](store::Transaction& t) { return Cursors::reset(t, "a", {6}); })
              .has_value());
    CHECK(cell.due_steps(Instant{5}).empty());
    CHECK(cell.due_steps(Instant{6}) == Names{"a"});
    CHECK(!cell.in<void>([](store::Transaction& t) { return Cursors::run_now(t, "x", {5}); })
               .has_value());
    CHECK(cell.violations() == 0);
  }

  TEST_CASE("a corrupt row is named by the audit and leaves the others alone") {
    Cell cell;
    (void)cell.reconcile_steps({"a", "b"}, Instant{1000});
    auto& store = cell.world.store("main.0");
    std::string first;
    for (const auto& [key, row] : store.rows()) {
      if (first.empty() && key.substr(0, 5) == "sy/s/") first = key;
    }
    store.put(first, "\x01?");
    CHECK(cell.violations() == 2);  // The row, and the timer that nothing knows.
    const auto rows = cell.in<std::vector<StepRow>>(
        [](store::Transaction& t) { return Cursors::list(t, "", 10); });
    CHECK(rows.has_value());
    if (rows.has_value()) CHECK(rows->size() == 1);
    CHECK(!cell.reconcile_steps({"a", "b"}, Instant{2000}));
  }
}

TEST_SUITE("tables/links") {
  TEST_CASE("a link that is paused stays so when the manifest is met again") {
    Cell cell;
    (void)cell.reconcile_links({"m"}, Instant{1000});
    CHECK(cell.due_links(Instant{1000}) == Names{"m"});
    CHECK(cell.in<void>([](store::Transaction& t) { return Links::pause(t, "m"); }).has_value());
    (void)cell.reconcile_links({"m"}, Instant{2000});
    CHECK(cell.due_links(Instant{9000}).empty());
    CHECK(cell.in<void>([](store::Transaction& t) { return Links::resume(t, "m", {3000}); })
              .has_value());
    CHECK(cell.due_links(Instant{3000}) == Names{"m"});
    CHECK(cell.violations() == 0);
  }

  TEST_CASE("links are listed by name, page by page") {
    Cell cell;
    (void)cell.reconcile_links({"a", "a-b", "b"}, Instant{1000});
    Names seen;
    std::string after;
    for (int page = 0; page < 4; ++page) {
      const auto rows = cell.in<std::vector<LinkRow>>(
          [after](store::Transaction& t) { return Links::list(t, after, 1); });
      CHECK(rows.has_value());
      if (!rows.has_value() || rows->empty()) break;
      after = rows->front().link;
      seen.push_back(after);
    }
    CHECK(seen == Names{"a", "a-b", "b"});
  }

  TEST_CASE("a link that this cell does not have is not found") {
    Cell cell;
    CHECK(!cell.in<void>([](store::Transaction& t) { return Links::pause(t, "x"); }).has_value());
    CHECK(!cell.in<void>([](store::Transaction& t) { return Links::resume(t, "x", {1}); })
               .has_value());
    CHECK(!cell.in<void>([](store::Transaction& t) { return Links::repair(t, "x", {1}); })
               .has_value());
  }
}

}  // namespace sluice::tables
