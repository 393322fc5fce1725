// The member "handshake" of a scheme: how the provider asks whether an address takes its webhooks.
//
//   "handshake": "slack"                            that of a known provider
//   "handshake": [ { "method": "GET",
//                    "when": { "query:crc_token": true },
//                    "respond": { "hmac": "query:crc_token", "as": "json:/response_token",
//                                 "prefix": "sha256=", "encoding": "base64" } } ]
#pragma once

#include <string>
#include <vector>

#include "codec/json.h"
#include "codec/json_writer.h"
#include "manifest/report.h"
#include "signature/handshake_rule.h"

namespace sluice::manifest {

// What does not fit is reported and left out.
[[nodiscard]] std::vector<signature::HandshakeRule> read_handshakes(const codec::Json& json,
                                                                    const std::string& at,
                                                                    Report& report);

// The list, as a value.
void write_handshakes(codec::JsonWriter& json, const std::vector<signature::HandshakeRule>& rules);

}  // namespace sluice::manifest
