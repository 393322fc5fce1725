// What every section of the manifest needs while it is read: where findings go, what the
// environment holds, which hosts may be private, and which names exist.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/headers.h"
#include "manifest/object.h"
#include "manifest/report.h"
#include "signature/keys.h"
#include "signature/scheme.h"

namespace sluice::manifest {

struct Context {
  Report& report;
  const Environment& environment;
  Secrets secrets = Secrets::kRequired;
  std::vector<std::string> private_hosts;
  std::uint32_t body_max = 1024 * 1024;  // Of sources that say nothing else.
  std::vector<std::string> sources;
  std::vector<std::string> endpoints;
  std::vector<std::string> installations;
  std::vector<signature::Scheme> schemes;  // That the manifest defines.
};

[[nodiscard]] inline bool is_reference(std::string_view text) {
  return text.substr(0, 4) == "env:";
}

// The value of `env:NAME`. Absent when it is reported: no such variable, or no variable's name.
// Where secrets are not checked and it is missing, `stand_in`.
[[nodiscard]] std::optional<std::string> resolve(std::string_view reference, const std::string& at,
                                                 const Context& context, std::string_view stand_in);

// A secret such as a token: only `env:NAME`, so that no secret stands in a file.
[[nodiscard]] std::optional<std::string> read_token(const codec::Json& json, const std::string& at,
                                                    const Context& context);

// The member "secrets": strings `env:NAME`, or objects {"secret", "not_before", "not_after"}. Each
// has to be of the form that `scheme` asks for; none where the scheme is not known.
[[nodiscard]] std::vector<signature::Secret> read_secrets(const Object& object,
                                                          const signature::Scheme* scheme,
                                                          const Context& context);

struct CheckedUrl {
  std::string text;  // Canonical.
  std::string path;
  bool has_query = false;
  bool private_allowed = false;
};

// The member "url", or what its `env:NAME` holds: canonical, and allowed by the policy. The URL
// itself is never shown, since it may hold a secret.
[[nodiscard]] std::optional<CheckedUrl> read_url(const Object& object, const Context& context);

// The member "headers": names in any case, values plain or `env:NAME`. Names that the engine or
// HTTP owns are refused, and credentials have to come from the environment.
[[nodiscard]] Headers read_headers(const Object& object, const Context& context);

// The member `key`: a list of names that must all be among `known` (`kind` in messages).
[[nodiscard]] std::vector<std::string> read_names(const Object& object, std::string_view key,
                                                  const std::vector<std::string>& known,
                                                  std::string_view kind);

// Whether `name` is among `known`; reports otherwise.
bool check_known(std::string_view name, const std::string& at,
                 const std::vector<std::string>& known, std::string_view kind, Report& report);

}  // namespace sluice::manifest
