#include <algorithm>
#include <cstdio>

#include "app/engine.h"
#include "manifest/parse.h"
#include "native/commands.h"
#include "native/files.h"
#include "native/findings.h"
#include "native/json_log.h"
#include "native/serve.h"

namespace sluice::native {

namespace {

// HOST:PORT, with an IPv6 host in brackets.
bool split_listen(const std::string& listen, ServeOptions& options) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  const std::string port = listen.substr(colon + 1);
  if (port.empty() || port.size() > 5 ||
      !std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  std::uint32_t number = 0;
  for (const char digit : port) number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  if (number > 65535) return false;
  options.host = listen.substr(0, colon);
  if (options.host.front() == '[' && options.host.back() == ']') {
    options.host = options.host.substr(1, options.host.size() - 2);
  }
  options.port = static_cast<std::uint16_t>(number);
  return true;
}

std::uint32_t largest_body(const manifest::Manifest& manifest) {
  std::uint32_t largest = manifest.limits.body_max;
  for (const manifest::Source& source : manifest.sources) {
    largest = std::max(largest, source.body_max);
  }
  return largest;
}

}  // namespace

int run_serve(const Arguments& arguments, const Variables& environment) {
  ServeOptions options;
  if (!split_listen(arguments.listen, options)) {
    std::fprintf(stderr, "sluice: --listen takes HOST:PORT, such as 127.0.0.1:8080\n");
    return 2;
  }
  auto text = read_file(arguments.manifest);
  if (!text.has_value()) {
    std::fprintf(stderr, "sluice: %s %s\n", arguments.manifest.c_str(),
                 text.error().context.data());
    return 1;
  }
  const manifest::Parsed parsed = manifest::parse(*text, environment, manifest::Secrets::kRequired);
  print_findings(stderr, arguments.manifest, *text, parsed.errors, "error");
  print_findings(stderr, arguments.manifest, *text, parsed.warnings, "warning");
  if (!parsed.errors.empty()) return 1;
  options.manifest = *std::move(text);
  options.data = arguments.data;
  options.origin = arguments.origin;
  options.body_max = largest_body(parsed.manifest);
  options.store_bytes_max = parsed.manifest.limits.cell_bytes_max;
  options.log_level = parse_level(arguments.log_level, Level::kInfo);
  options.environment = environment;
  return serve(options, [](Host& host, Reply& reply, Boot boot) {
    return app::make_engine(host, reply, std::move(boot));
  });
}

}  // namespace sluice::native
