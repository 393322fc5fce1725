#include "app/problem.h"

#include <utility>

#include "codec/json_writer.h"

namespace sluice::app {
namespace {

constexpr std::string_view kRetryAfter = "5";

std::string_view title_of(std::uint16_t status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    default: return "Error";
  }
}

HttpResponse answer(std::uint16_t status, std::string_view content_type, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{.name = "content-type", .value = std::string(content_type)},
                      {.name = "cache-control", .value = "no-store"}};
  response.body = std::move(body);
  return response;
}

}  // namespace

HttpResponse problem(std::uint16_t status, std::string_view code, std::string_view detail) {
  codec::JsonWriter json;
  json.begin_object().field("title", title_of(status)).field("status", status);
  json.field("code", code);
  if (!detail.empty()) json.field("detail", detail);
  json.end_object();
  HttpResponse response = answer(status, "application/problem+json", std::move(json).take());
  if (status == 503) {
    response.headers.push_back({.name = "retry-after", .value = std::string(kRetryAfter)});
  }
  return response;
}

HttpResponse problem(const Error& error) {
  return problem(status_of(error.code), name(error.code), error.context);
}

std::uint16_t status_of(Errc code) {
  switch (code) {
    case Errc::kBadArgument:
    case Errc::kMalformed: return 400;
    case Errc::kUnauthorized: return 401;
    case Errc::kBlocked: return 403;
    case Errc::kNotFound: return 404;
    case Errc::kTooBig: return 413;
    case Errc::kCorrupt:
    case Errc::kUnknownFormat: return 500;
    case Errc::kNoCapability: return 501;
    case Errc::kOverloaded:
    case Errc::kIo:
    case Errc::kUnknownOutcome:
    case Errc::kTimeout:
    case Errc::kCancelled:
    case Errc::kBudget:
    case Errc::kConflict:
    case Errc::kFull:
    case Errc::kNotOwner: return 503;
  }
  return 500;
}

HttpResponse wrong_method(std::string_view allow) {
  HttpResponse response =
      problem(405, "method_not_allowed", "This address takes " + std::string(allow) + ".");
  response.headers.push_back({.name = "allow", .value = std::string(allow)});
  return response;
}

HttpResponse unauthorized() {
  return problem(401, "unauthorized", "The request could not be authenticated.");
}

HttpResponse json_response(std::uint16_t status, std::string text) {
  return answer(status, "application/json", std::move(text));
}

}  // namespace sluice::app
