// Fetches the documents in which providers publish their keys, for fronts that need one.
//
//   front --(call)--> registry's cell --(one request per URL)--> provider
//                          `- keeps the document; whoever asked meanwhile gets the same one
//
// It happens in a cell because there tasks may wait for each other; a front's may not. So however
// many webhooks arrive under a new key, at however many fronts, the provider sees one request.
//
// What did not work is not tried again for five seconds. Where the request names the URL, a cell
// makes no more than sixty of these requests a minute: whoever sends forged webhooks cannot make it
// send more, and takes nothing from sources whose URL stands in the manifest.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/host.h"
#include "signature/fetched.h"
#include "task/lock.h"

namespace sluice::flow {

inline constexpr std::size_t kKeyFetchesMax = 60;  // A minute, of URLs that requests name.
inline constexpr Duration kKeyFetchDeadline = seconds(5);
inline constexpr Duration kKeyFetchRest = seconds(5);

struct KeyDocument {
  Bytes bytes;
  Duration age;  // Since it was fetched.
};

// What has been fetched, in a cell's memory; it is gone when the cell goes, and fetched again.
class KeyDocuments {
 public:
  explicit KeyDocuments(Scheduler& scheduler) : scheduler_(scheduler) {}
  KeyDocuments(const KeyDocuments&) = delete;
  KeyDocuments& operator=(const KeyDocuments&) = delete;

 private:
  friend class KeyFetch;

  struct Entry {
    explicit Entry(Scheduler& scheduler) : turn(scheduler) {}

    Lock turn;
    int users = 0;
    bool has_document = false;
    Bytes document;
    Instant fetched_at;
    bool has_failed = false;
    Instant failed_at;
  };

  // Null when every place is in use.
  [[nodiscard]] Entry* entry(const std::string& url);

  Scheduler& scheduler_;
  std::map<std::string, std::unique_ptr<Entry>> entries_;
  std::deque<Instant> fetches_;  // Within the last minute.
};

// Hosts of `private_hosts` may be private, for development. Errors: kBlocked (the URL may not be
// fetched), kOverloaded (not now), kIo (the provider did not answer with 200), kTooBig,
// kMalformed, kCancelled, kBudget.
Task<Result<KeyDocument>> fetch_key(Host& host, KeyDocuments& documents,
                                    signature::KeyWanted wanted,
                                    std::vector<std::string> private_hosts);

}  // namespace sluice::flow
