#include "tables/log.h"

#include <string>

#include "doctest/doctest.h"
#include "sim/table_cell.h"

namespace sluice::tables {
namespace {

struct Cell : sim::TableCell {
  void open(std::string stream, Id history) {
    const auto opened =
        in<Id>([&](store::Transaction& t) { return Log::open(t, stream, history); });
    CHECK(opened.has_value());
  }

  void append(Seq position) {
    (void)in<Id>([position](store::Transaction& t) { return append_one(t, position); });
  }
  static Task<Result<Id>> append_one(store::Transaction& transaction, Seq position) {
    Log::append(transaction, kEventStream, entry(position));
    co_return Id{};
  }

  static replication::Entry entry(Seq position) {
    replication::Entry entry;
    entry.position = position;
    entry.id = {.seq = position, .random = 7};
    entry.received_at = Instant{5};
    entry.source = "github";
    entry.body = "{}";
    entry.size = 2;
    return entry;
  }

  Result<LogPage> read(std::optional<replication::Token> after, std::uint32_t limit = 100,
                       std::uint32_t bytes_max = 1000) {
    const Log::Query query{std::string(kEventStream), after, limit, bytes_max};
    return in<LogPage>([query](store::Transaction& t) { return Log::read(t, query); });
  }

  bool trim(Instant before) {
    const auto trimmed =
        in<Expired>([before](store::Transaction& t) { return Log::trim(t, before, sim::kStart); });
    CHECK(trimmed.has_value());
    return trimmed.has_value() && trimmed->more;
  }

  Audit audit(std::string stream) {
    const auto found = in<Audit>([stream](store::Transaction& t) { return Log::audit(t, stream); });
    return found.has_value() ? *found : Audit{{"", "the audit failed"}};
  }
};

const Id kHistory{.seq = 1, .random = 2};

}  // namespace

TEST_SUITE("tables/log") {
  TEST_CASE("a stream keeps the history it began with") {
    Cell cell;
    cell.open("events", kHistory);
    const auto again = cell.in<Id>(
        [](store::Transaction& t) { return Log::open(t, "events", {.seq = 9, .random = 9}); });
    CHECK(again.has_value());
    if (again.has_value()) CHECK(*again == kHistory);
  }

  TEST_CASE("a stream that was never opened is not there") {
    Cell cell;
    const auto page = cell.read(std::nullopt);
    CHECK(!page.has_value());
    if (!page.has_value()) CHECK(page.error().code == Errc::kNotFound);
  }

  TEST_CASE("pages follow each other and end where the stream ends") {
    Cell cell;
    cell.open("events", kHistory);
    for (Seq position = 10; position < 15; ++position) cell.append(position);
    std::optional<replication::Token> after;
    std::vector<Seq> seen;
    bool more = true;
    while (more) {
      const auto page = cell.read(after, 2);
      CHECK(page.has_value());
      if (!page.has_value()) return;
      CHECK(page->gap == replication::Gap::kNone);
      for (const auto& entry : page->entries) seen.push_back(entry.position);
      after = page->next;
      more = page->more;
    }
    CHECK(seen == std::vector<Seq>{10, 11, 12, 13, 14});
    const auto end = cell.read(after);
    CHECK(end.has_value());
    if (!end.has_value()) return;
    CHECK(end->entries.empty());
    CHECK(end->next == *after);
  }

  TEST_CASE("a page is bounded by bytes, and holds at least one entry") {
    Cell cell;
    cell.open("events", kHistory);
    for (Seq position = 10; position < 15; ++position) cell.append(position);
    const auto page = cell.read(std::nullopt, 100, 5);
    CHECK(page.has_value());
    if (page.has_value()) CHECK(page->entries.size() == 2);
    const auto one = cell.read(std::nullopt, 100, 1);
    CHECK(one.has_value());
    if (one.has_value()) CHECK(one->entries.size() == 1);
  }

  TEST_CASE("a reader with another past is told so") {
    Cell cell;
    cell.open("events", kHistory);
    cell.append(10);
    const replication::Token good{
        .stream = "events", .history = kHistory, .position = 10, .id = {.seq = 10, .random = 7}};
    const auto gap = [&](replication::Token token) {
      const auto page = cell.read(token);
      return page.has_value() ? page->gap : replication::Gap::kNone;
    };
    CHECK(gap(good) == replication::Gap::kNone);
    replication::Token token = good;
    token.history = {};
    CHECK(gap(token) == replication::Gap::kHistory);
    token = good;
    token.position = 11;
    CHECK(gap(token) == replication::Gap::kTooNew);
    token = good;
    token.id.random = 8;
    CHECK(gap(token) == replication::Gap::kEntry);
    token = good;
    token.position = 9;
    CHECK(gap(token) == replication::Gap::kEntry);
  }

  TEST_CASE("copies are found by id, whatever position they had") {
    Cell cell;
    cell.open("copy", kHistory);
    const auto adopt = [&](std::vector<replication::Entry> entries) {
      const auto fresh = cell.in<std::uint32_t>([entries](store::Transaction& t) {
        return Log::adopt(t, "copy", entries, Instant{1000});
      });
      return fresh.has_value() ? *fresh : 99;
    };
    CHECK(adopt({Cell::entry(5), Cell::entry(3)}) == 2);
    CHECK(adopt({Cell::entry(3), Cell::entry(4)}) == 1);
    CHECK(cell.world.store("main.0").count("lg/e/copy/") == 3);
    const auto audit = cell.in<Audit>([](store::Transaction& t) { return Log::audit(t, "copy"); });
    CHECK(audit.has_value());
    if (audit.has_value()) CHECK(audit->empty());
  }

  TEST_CASE("a log is trimmed by age, and readers learn of it only where they missed something") {
    Cell cell;
    cell.open("events", kHistory);
    const Seq old = first_seq(sim::kStart);
    for (Seq n = 0; n < 90; ++n) cell.append(old + n);
    const Seq young = first_seq(sim::kStart + seconds(1));
    cell.append(young);
    const auto end = cell.read(std::nullopt);
    const auto half = cell.read(std::nullopt, 15);
    const auto whole = cell.read(std::nullopt, 90);
    CHECK((end.has_value() && half.has_value() && whole.has_value()));
    if (!end.has_value() || !half.has_value() || !whole.has_value()) return;

    int slices = 0;
    while (cell.trim(sim::kStart + seconds(1))) ++slices;
    CHECK(slices == 2);
    CHECK(cell.world.store("main.0").count("lg/e/events/") == 1);
    const auto gap = [&](const replication::Token& token) {
      const auto page = cell.read(token);
      return page.has_value() ? page->gap : replication::Gap::kHistory;
    };
    CHECK(gap(half->next) == replication::Gap::kTooOld);
    CHECK(gap(whole->next) == replication::Gap::kNone);
    CHECK(gap(end->next) == replication::Gap::kNone);
    const auto left = cell.read(std::nullopt);
    if (left.has_value()) CHECK(left->entries.size() == 1);

    CHECK(cell.trim(sim::kStart + days(1)));
    CHECK(gap(end->next) == replication::Gap::kNone);
    CHECK(gap(whole->next) == replication::Gap::kTooOld);
    const auto none = cell.read(std::nullopt);
    CHECK(none.has_value());
    if (none.has_value()) CHECK(none->next.position == young);
    CHECK(cell.audit("events").empty());
  }

  TEST_CASE("of a copy what leads to an entry goes with it, and its blob") {
    Cell cell;
    cell.open("copy", kHistory);
    (void)cell.in<std::uint32_t>([](store::Transaction& t) {
      std::vector<replication::Entry> entries{Cell::entry(5), Cell::entry(6)};
      entries[1].body = Bytes(10'000, 'x');
      entries[1].size = 10'000;
      return Log::adopt(t, "copy", entries, sim::kStart);
    });
    auto& store = cell.world.store("main.0");
    CHECK(store.count("lg/h/copy/") == 2);
    CHECK(store.count("bl/") == 1);
    CHECK(!cell.trim(sim::kStart));
    CHECK(cell.trim(sim::kStart + seconds(1)));
    CHECK(store.count("lg/e/copy/") == 0);
    CHECK(store.count("lg/h/copy/") == 0);
    CHECK(store.count("gc/") == 1);
    CHECK(cell.audit("copy").empty());
  }

  TEST_CASE("an entry that cannot be read has its time as well") {
    Cell cell;
    cell.open("copy", kHistory);
    auto& store = cell.world.store("main.0");
    store.put("lg/e/copy/0000000000000001", "\x01garbage");
    store.put("lg/m/other", "\x01garbage");
    CHECK(cell.trim(sim::kStart));
    CHECK(store.count("lg/e/") == 0);
    CHECK(!cell.trim(sim::kStart));
  }

  TEST_CASE("the audit names a row that cannot be read, and a copy that is not found by its id") {
    Cell cell;
    cell.open("copy", kHistory);
    (void)cell.in<std::uint32_t>([](store::Transaction& t) {
      std::vector<replication::Entry> entries{Cell::entry(5)};
      return Log::adopt(t, "copy", entries, Instant{1000});
    });
    auto& store = cell.world.store("main.0");
    std::string index;
    for (const auto& [key, row] : store.rows()) {
      if (key.substr(0, 5) == "lg/h/") index = key;
    }
    store.erase(index);
    store.put("lg/e/copy/0000000000000001", "\x01garbage");
    const auto audit = cell.in<Audit>([](store::Transaction& t) { return Log::audit(t, "copy"); });
    CHECK(audit.has_value());
    if (audit.has_value()) CHECK(audit->size() == 2);
  }
}

}  // namespace sluice::tables
