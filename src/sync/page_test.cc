#include "sync/page.h"

#include <cstddef>
#include <string>

#include "doctest/doctest.h"

using namespace sluice;
using namespace sluice::sync;

namespace {

const PageShape kShape{
    .items = "/data", .id = "/id", .time = "/at", .next = "/next", .has_next = true};

std::optional<PageFault> fault(std::string_view body) {
  const auto read = read_page(body, kShape);
  const auto* found = std::get_if<PageFault>(&read);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

}  // namespace

TEST_SUITE("sync/page") {
  TEST_CASE("items are kept byte for byte, with their ids and times") {
    const std::string body =
        R"({"data":[ {"id":7,"at":"1970-01-01T00:00:01Z","price":1.50},
            {"at":"1970-01-01T00:00:02Z", "id":"b\u0061"}],"next":"/p2"})";
    const auto read = read_page(body, kShape);
    const auto* page = std::get_if<Page>(&read);
    CHECK(page != nullptr);
    if (page == nullptr || page->records.size() != 2) return;
    CHECK(page->records[0].id == "7");
    CHECK(page->records[0].time == Instant{1000});
    CHECK(page->records[0].raw == R"({"id":7,"at":"1970-01-01T00:00:01Z","price":1.50})");
    CHECK(page->records[1].id == "ba");
    CHECK(page->records[1].raw == R"({"at":"1970-01-01T00:00:02Z", "id":"b\u0061"})");
    CHECK(page->next == "/p2");
  }

  TEST_CASE("an element without id or time is a reject, and the others go on") {
    const std::string body =
        R"({"data":[1,{},{"id":null,"at":"x"},{"id":"a"},
            {"id":"a","at":5},{"id":"a","at":"yesterday"},
            {"id":"","at":"1970-01-01T00:00:01Z"},{"id":"a","id":"b","at":"1970-01-01T00:00:01Z"},
            {"id":"good","at":"1970-01-01T00:00:01Z"}]})";
    const auto read = read_page(body, kShape);
    const auto* page = std::get_if<Page>(&read);
    CHECK(page != nullptr);
    if (page == nullptr || page->records.size() != 9) return;
    const Rejection expected[] = {
        Rejection::kIdMissing,   Rejection::kIdMissing,   Rejection::kIdMissing,
        Rejection::kTimeMissing, Rejection::kTimeMissing, Rejection::kTimeMalformed,
        Rejection::kIdMissing,   Rejection::kIdMissing,   Rejection::kNone};
    for (std::size_t i = 0; i < 9; ++i) {
      CAPTURE(i);
      CHECK(page->records[i].rejection == expected[i]);
      CHECK(!page->records[i].raw.empty());
    }
  }

  TEST_CASE("an item over the limit is a reject") {
    const std::string body = R"({"data":[{"id":"a","at":"1970-01-01T00:00:01Z","x":")" +
                             std::string(kItemBytesMax, 'x') + "\"}]}";
    const auto read = read_page(body, kShape);
    const auto* page = std::get_if<Page>(&read);
    CHECK(page != nullptr);
    if (page == nullptr) return;
    CHECK(page->records[0].rejection == Rejection::kTooLarge);
  }

  TEST_CASE("a page that is no page says what it is") {
    CHECK(fault("<!doctype html><html></html>") == PageFault::kHtml);
    CHECK(fault("\n <html>") == PageFault::kHtml);
    CHECK(fault("") == PageFault::kNotJson);
    CHECK(fault("{\"data\":[") == PageFault::kNotJson);
    CHECK(fault(std::string(10'000, '[')) == PageFault::kNotJson);
    CHECK(fault("{}") == PageFault::kItemsMissing);
    CHECK(fault(R"({"data":{}})") == PageFault::kItemsNotArray);
    CHECK(fault(R"({"data":null})") == PageFault::kItemsNotArray);
    CHECK(fault(R"({"data":[],"next":7})") == PageFault::kNextMalformed);
  }

  TEST_CASE("no next URL and a null one both mean the last page") {
    CHECK(!fault(R"({"data":[]})"));
    CHECK(!fault(R"({"data":[],"next":null})"));
  }

  TEST_CASE("the list may be the whole page") {
    PageShape shape = kShape;
    shape.items = "";
    shape.has_next = false;
    const auto read = read_page(R"([{"id":1,"at":"1970-01-01T00:00:01Z"}])", shape);
    CHECK(std::holds_alternative<Page>(read));
  }

  TEST_CASE("an item is the same under the same step, id and bytes") {
    const Record item{.rejection = {}, .id = "a", .time = {}, .raw = "{}"};
    const Record changed{.rejection = {}, .id = "a", .time = {}, .raw = "{ }"};
    const Record other{.rejection = {}, .id = "b", .time = {}, .raw = "{}"};
    CHECK(identity("s", item) == identity("s", item));
    CHECK(identity("s", item).size() == 32);
    CHECK(identity("s", item) != identity("s", changed));
    CHECK(identity("s", item) != identity("s", other));
    CHECK(identity("s", item) != identity("t", item));
  }
}
