#include "native/curl_transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "codec/address.h"

namespace sluice::native {

namespace {

bool is_allowed(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    return codec::is_global(codec::Ipv4{.bits = ntohl(v4.sin_addr.s_addr)});
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, address, sizeof v6);
    codec::Ipv6 bytes;
    std::memcpy(bytes.bytes.data(), v6.sin6_addr.s6_addr, bytes.bytes.size());
    return codec::is_global(bytes);
  }
  return false;
}

curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (!transfer.request.private_allowed && !is_allowed(&address->addr)) {
    transfer.blocked = true;
    return CURL_SOCKET_BAD;
  }
  transfer.connected = true;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  HttpResponse& response = transfer.response;
  const std::size_t room = transfer.request.response_max - response.body.size();
  response.body.append(data, std::min(size, room));
  if (size <= room) return size;
  response.truncated = true;
  return 0;  // Ends the transfer: an endless body is not read to its end.
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view line(data, size);
  transfer.header_bytes += size;
  if (transfer.header_bytes > kResponseHeadersMax) {
    transfer.headers_too_large = true;
    return 0;
  }
  if (line.substr(0, 5) == "HTTP/") {  // An interim answer came before this one.
    transfer.response.headers.clear();
    transfer.headers_ended = false;
    return size;
  }
  if (trimmed(line).empty()) transfer.headers_ended = true;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  transfer.response.headers.push_back({.name = lower_case(line.substr(0, colon)),
                                       .value = std::string(trimmed(line.substr(colon + 1)))});
  return size;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool has_line_break(std::string_view text) {
  constexpr std::string_view kBreaks("\r\n\0", 3);
  return text.find_first_of(kBreaks) != std::string_view::npos;
}

curl_slist* add_field(curl_slist* fields, const std::string& line) {
  curl_slist* longer = curl_slist_append(fields, line.c_str());
  SLUICE_ASSERT(longer != nullptr);
  return longer;
}

// libcurl adds some fields by itself; an empty one in the list takes it out again.
curl_slist* field_list(const Headers& headers) {
  curl_slist* fields = nullptr;
  for (const Header& header : headers) {
    fields = add_field(
        fields, header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  for (const char* name : {"accept", "content-type", "expect"}) {
    if (count(headers, name) == 0) fields = add_field(fields, std::string(name) + ":");
  }
  if (count(headers, "user-agent") == 0) fields = add_field(fields, "user-agent: sluice");
  return fields;
}

HttpFault fault_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return HttpFault::kDns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED: return HttpFault::kConnect;
    case CURLE_OPERATION_TIMEDOUT: return HttpFault::kTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED: return HttpFault::kTls;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: return HttpFault::kBlocked;
    default: return HttpFault::kAborted;
  }
}

}  // namespace

bool is_sendable(const HttpRequest& request) {
  if (!is_token(request.method) || has_line_break(request.url)) return false;
  return std::all_of(request.headers.begin(), request.headers.end(), [](const Header& header) {
    return is_token(header.name) && !has_line_break(header.value);
  });
}

void CurlTransfer::prepare() {
  const auto set = [this](CURLoption option, auto value) {
    const CURLcode code = curl_easy_setopt(handle, option, value);
    SLUICE_ASSERT(code == CURLE_OK);
  };
  fields = field_list(request.headers);
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(request.timeout.ms, 1)));
  set(CURLOPT_HTTPHEADER, fields);
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_PRIVATE, static_cast<void*>(this));
  if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request.method == "GET" && request.body.empty()) {
    set(CURLOPT_HTTPGET, 1L);
  } else {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request.body.data());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

HttpOutcome CurlTransfer::outcome(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  const bool whole = code == CURLE_OK || (code == CURLE_WRITE_ERROR && response.truncated);
  // libcurl takes an end in the middle of the headers for the end of the answer.
  if (whole && headers_ended && status >= 100 && status <= 999) {
    response.status = static_cast<std::uint16_t>(status);
    return std::move(response);
  }
  long sent = 0;
  curl_off_t before_transfer = 0;
  curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
  curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &before_transfer);
  HttpFailure failure{.fault = fault_of(code), .maybe_seen = sent > 0 || before_transfer > 0};
  // An answer that is no HTTP/1 has the code of an unknown scheme.
  if (failure.fault == HttpFault::kBlocked && failure.maybe_seen)
    failure.fault = HttpFault::kAborted;
  if (headers_too_large) failure.fault = HttpFault::kTooLarge;
  if (blocked && !connected) failure.fault = HttpFault::kBlocked;
  return failure;
}

}  // namespace sluice::native
