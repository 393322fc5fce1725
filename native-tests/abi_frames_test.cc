// The frames of the boundary against the examples in their README. Native: it reads that file.
#include <fstream>
#include <map>
#include <string>
#include <utility>

#include "codec/hex.h"
#include "doctest/doctest.h"
#include "wasm/frames.h"

namespace sluice::wasm {
namespace {

// The blocks ```frame NAME ... ``` of the README, as bytes.
std::map<std::string, Bytes> read_examples() {
  std::map<std::string, Bytes> examples;
  std::ifstream readme(SLUICE_ROOT "/bindings/abi/README.md");
  std::string name;
  std::string digits;
  for (std::string line; std::getline(readme, line);) {
    if (line.starts_with("```frame ")) {
      name = line.substr(9);
    } else if (line.starts_with("```") && !name.empty()) {
      auto bytes = codec::decode_hex(digits, codec::HexCase::kLowerOnly);
      CHECK(bytes.has_value());
      if (bytes) examples[name] = std::move(*bytes);
      name.clear();
      digits.clear();
    } else if (!name.empty()) {
      for (const char c : line.substr(0, line.find('#'))) {
        if (c != ' ') digits += c;
      }
    }
  }
  return examples;
}

Bytes example(const std::string& name) {
  const auto examples = read_examples();
  const auto found = examples.find(name);
  CHECK_MESSAGE(found != examples.end(), name);
  return found == examples.end() ? Bytes() : found->second;
}

constexpr Instant kTime{1750000000000};

TEST_SUITE("bindings/abi") {
  TEST_CASE("a boot frame says what to run and what the host can do") {
    const auto read = read_boot(example("boot"));
    CHECK(read.has_value());
    if (!read) return;
    CHECK(read->boot.role == Role::kCell);
    CHECK(read->boot.cell == "main.0");
    CHECK(read->boot.manifest == "{}");
    CHECK(read->boot.body_max == 1048576);
    CHECK(read->boot.environment.size() == 1);
    CHECK(read->boot.environment.front() == std::pair<std::string, std::string>("TOKEN", "s3"));
    CHECK(read->caps.has(kMultiCommit));
    CHECK(read->caps.has(kAlarm));
    CHECK_FALSE(read->caps.has(kTtl));
    CHECK(read->caps.http_in_flight_max == 6);
    CHECK(read->caps.store_bytes_max == 8589934592);
    CHECK_FALSE(read->trap_on.has_value());
  }

  TEST_CASE("a boot frame may ask for a trap") {
    const auto read = read_boot(example("boot-trap"));
    CHECK(read.has_value());
    if (!read) return;
    CHECK(read->boot.role == Role::kFront);
    CHECK(read->trap_on == TrapOn{.kind = 1, .needle = "/trap"});
  }

  TEST_CASE("a request keeps repeated headers and every byte of its body") {
    const auto read = read_http_request(example("http-request"));
    CHECK(read.has_value());
    if (!read) return;
    CHECK(read->method == "POST");
    CHECK(read->target == "/in/github?a=1");
    CHECK(read->origin == "https://h.example");
    CHECK(read->headers == Headers{{"x-a", "1"}, {"x-a", "2"}});
    CHECK(read->body == Bytes("\0\xff{", 3));
    CHECK_FALSE(read->body_too_large);
  }

  TEST_CASE("a cron frame is its time") {
    const auto read = read_cron(example("cron"));
    CHECK((read && *read == kTime));
  }

  TEST_CASE("results of the store are read") {
    const KvEntry entry{.value = "v", .version = "1"};
    const auto entries = read_kv_get_result(example("kv-get-result"));
    CHECK((entries && *entries == std::vector<std::optional<KvEntry>>{entry, std::nullopt}));
    const auto page = read_kv_range_result(example("kv-range-result"));
    CHECK(page.has_value());
    if (page) {
      CHECK(page->rows == std::vector<KvRow>{{.key = "a", .entry = entry}});
      CHECK(page->next == "b");
    }
    const auto conflict = read_kv_conflict(example("kv-conflict"));
    CHECK((conflict && *conflict == 1));
  }

  TEST_CASE("an HTTP outcome is a response or a failure") {
    const auto answered = read_http_outcome(example("http-outcome"));
    CHECK(answered.has_value());
    if (answered) {
      const auto* response = std::get_if<HttpResponse>(&*answered);
      CHECK(response != nullptr);
      if (response != nullptr) {
        CHECK(response->status == 200);
        CHECK(response->headers == Headers{{"retry-after", "5"}});
        CHECK(response->body == "ok");
        CHECK(response->truncated);
      }
    }
    const auto failed = read_http_outcome(example("http-outcome-failure"));
    CHECK(failed.has_value());
    if (failed) {
      const auto* failure = std::get_if<HttpFailure>(&*failed);
      CHECK((failure != nullptr && failure->fault == HttpFault::kTimeout && failure->maybe_seen));
    }
  }

  TEST_CASE("what the guest writes is what the README shows") {
    CHECK(write_http_response(
              {.status = 202, .headers = {{"content-type", "text/plain"}}, .body = "ok"}) ==
          example("http-response"));
    CHECK(write_kv_get({"m/owner", "in/x"}) == example("kv-get"));
    const KvRange range{.lo = "a", .hi = "b", .limit = 256, .reverse = true};
    CHECK(write_kv_range(range) == example("kv-range"));
    const KvCommit commit{
        .checks = {{.key = "a", .version = "1"}, {.key = "b", .version = std::nullopt}},
        .mutations = {{.key = "a", .value = "v", .expiry = kTime},
                      {.key = "c", .value = std::nullopt, .expiry = std::nullopt}},
        .wake = {.kind = Wake::Kind::kBy, .at = kTime + minutes(1)},
        .commit_id = "0123456789abcdef"};
    CHECK(write_kv_commit(commit) == example("kv-commit"));
    const HttpRequest request{.method = "POST",
                              .url = "https://crm.example/h",
                              .headers = {{"webhook-id", "msg_1"}},
                              .body = "{}",
                              .timeout = seconds(15),
                              .response_max = 16384};
    CHECK(write_http_start(request) == example("http-start"));
    CHECK(write_cell_call("main.0", "rpc") == example("cell-call"));
    const LogRecord record{.event = "webhook_refused", .fields = {{Field::kReason, "no_secret"}}};
    CHECK(write_log_record(record) == example("log-record"));
  }

  TEST_CASE("bytes behind the last field are ignored, and a frame cut short is malformed") {
    const auto reads = [](std::string_view name, ByteView frame) {
      if (name == "boot") return read_boot(frame).has_value();
      if (name == "http-request") return read_http_request(frame).has_value();
      if (name == "cron") return read_cron(frame).has_value();
      if (name == "kv-get-result") return read_kv_get_result(frame).has_value();
      if (name == "kv-range-result") return read_kv_range_result(frame).has_value();
      return read_http_outcome(frame).has_value();
    };
    for (const std::string name : {"boot", "http-request", "cron", "kv-get-result",
                                   "kv-range-result", "http-outcome", "http-outcome-failure"}) {
      CAPTURE(name);
      const Bytes whole = example(name);
      CHECK(reads(name, whole + "more"));
      for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(reads(name, ByteView(whole).substr(0, size)));
      }
    }
  }

  TEST_CASE("numbers that are no times and counts that no frame holds are malformed") {
    CHECK_FALSE(read_cron(Bytes("\0\0\0\0\0\0\xf8\x7f", 8)).has_value());
    CHECK_FALSE(read_kv_get_result(Bytes("\xff\xff\xff\xff", 4)).has_value());
    CHECK_FALSE(read_http_outcome(Bytes("\1\0\0", 3)).has_value());
    CHECK_FALSE(read_http_outcome(Bytes("\1\x8\0", 3)).has_value());
  }
}

}  // namespace
}  // namespace sluice::wasm
