#include "native/described_request.h"

#include <algorithm>
#include <cstdio>

#include "codec/url.h"
#include "manifest/scheme.h"
#include "native/files.h"
#include "native/findings.h"
#include "native/system.h"
#include "signature/presets.h"

namespace sluice::native {

namespace {

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<Bytes> secret_of(const std::string& text, const Variables& environment) {
  if (text.substr(0, 4) != "env:") return text;
  for (const auto& [name, value] : environment) {
    if (name == text.substr(4)) return value;
  }
  return std::nullopt;
}

int complain_of_file(const char* option, const std::string& path, const Error& error) {
  const std::string name =
      path == "-" ? "standard input" : "the file \"" + manifest::shown(path) + "\"";
  return complain(std::string(option) + ": " + name + " " + std::string(error.context));
}

// A text's last line ends; a key in DER may end in the same byte and mean it.
void drop_line_end(Bytes& key) {
  const bool is_text = std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t';
  });
  while (is_text && !key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
}

// A preset's name, a file that holds a definition, or the definition itself.
std::optional<signature::Scheme> scheme_of(const std::string& named) {
  if (auto preset = signature::preset(named)) return preset;
  const bool inline_text = !named.empty() && named.front() == '{';
  Bytes text = named;
  if (!inline_text) {
    auto file = read_file(named);
    if (!file.has_value()) {
      (void)complain("there is no scheme, and no file, \"" + manifest::shown(named) + "\"." +
                     manifest::suggestion(named, signature::preset_names()));
      return std::nullopt;
    }
    text = *std::move(file);
  }
  std::vector<manifest::Finding> findings;
  auto scheme = manifest::read_scheme(text, findings);
  print_findings(stderr, inline_text ? "--scheme" : named, text, findings, "error");
  if (!scheme.has_value()) return std::nullopt;
  return *std::move(scheme);
}

int read_parameters(const Arguments& arguments, signature::Scheme& scheme) {
  for (const std::string& text : arguments.parameters) {
    const auto parameter = parse_assignment(text);
    if (!parameter.has_value()) {
      (void)complain("--parameter takes NAME=VALUE");
      return 2;
    }
    std::erase_if(scheme.parameters, [&](const auto& one) { return one.name == parameter->name; });
    scheme.parameters.push_back({parameter->name, parameter->value});
  }
  return 0;
}

int read_secrets(const Arguments& arguments, const Variables& environment,
                 std::vector<signature::Secret>& secrets) {
  for (const std::string& text : arguments.secrets) {
    auto value = secret_of(text, environment);
    if (!value.has_value()) {
      return complain("--secret: the environment has no variable \"" +
                      manifest::shown(text.substr(4)) + "\"");
    }
    secrets.push_back({.value = *std::move(value), .not_before = {}, .not_after = {}});
  }
  for (const std::string& file : arguments.key_files) {
    auto key = read_file(file);
    if (!key.has_value()) return complain_of_file("--key", file, key.error());
    drop_line_end(*key);
    secrets.push_back({.value = *std::move(key), .not_before = {}, .not_after = {}});
  }
  return 0;
}

int read_documents(const Arguments& arguments, std::vector<Document>& documents) {
  for (const std::string& text : arguments.documents) {
    // A URL may hold '=', the names of such files do not.
    const std::size_t equals = text.rfind('=');
    const auto url = codec::parse_url(text.substr(0, equals));
    if (equals == std::string::npos || !url.has_value()) {
      (void)complain("--document takes URL=FILE");
      return 2;
    }
    auto file = read_file(text.substr(equals + 1));
    if (!file.has_value()) {
      return complain_of_file("--document", text.substr(equals + 1), file.error());
    }
    documents.push_back({.url = codec::canonical(*url), .text = *std::move(file)});
  }
  return 0;
}

int read_headers(const Arguments& arguments, Headers& headers) {
  for (const std::string& line : arguments.headers) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || colon == 0) {
      (void)complain("--header takes 'name: value'");
      return 2;
    }
    headers.push_back(
        {.name = lower_case(line.substr(0, colon)), .value = trimmed(line.substr(colon + 1))});
  }
  return 0;
}

}  // namespace

int complain(const std::string& what) {
  std::fprintf(stderr, "sluice: %s\n", what.c_str());
  return 1;
}

std::optional<Assignment> parse_assignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  return Assignment{.name = text.substr(0, equals), .value = text.substr(equals + 1)};
}

int describe(const Arguments& arguments, const Variables& environment,
             DescribedRequest& described) {
  described.scheme = scheme_of(arguments.scheme);
  if (described.scheme.has_value()) {
    const int unusable = read_parameters(arguments, *described.scheme);
    if (unusable != 0) return unusable;
  }
  int unusable = read_secrets(arguments, environment, described.secrets);
  if (unusable == 0) unusable = read_documents(arguments, described.documents);
  if (unusable == 0) unusable = read_headers(arguments, described.headers);
  if (unusable != 0) return unusable;
  if (!arguments.body.empty()) {
    auto body = read_file(arguments.body);
    if (!body.has_value()) return complain_of_file("--body", arguments.body, body.error());
    described.body = *std::move(body);
  }
  SystemClock clock;
  described.now = arguments.now_ms.has_value() ? Instant{*arguments.now_ms} : clock.now();
  return 0;
}

}  // namespace sluice::native
