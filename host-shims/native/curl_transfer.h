// One outgoing request on a libcurl handle: its options, what has come back, and what it means.
#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>

#include "native/curl_http.h"

namespace sluice::native {

struct CurlTransfer {
  TransferId id = 0;
  HttpRequest request;
  CurlHttp::Done done;
  CURL* handle = nullptr;
  curl_slist* fields = nullptr;
  HttpResponse response;
  std::size_t header_bytes = 0;
  bool blocked = false;    // An address was refused.
  bool connected = false;  // An address was allowed and tried.
  bool headers_too_large = false;
  bool headers_ended = false;

  CurlTransfer() = default;
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer() { curl_slist_free_all(fields); }

  // Sets every option of `handle`; the transfer must not move afterwards.
  void prepare();

  // What the end of the transfer means.
  [[nodiscard]] HttpOutcome outcome(CURLcode code);
};

// Whether every field of the request can be sent as it is.
[[nodiscard]] bool is_sendable(const HttpRequest& request);

}  // namespace sluice::native
