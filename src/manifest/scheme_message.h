// The member "message" of a scheme: the signed bytes, as a template, or as a list of templates and
// of parts in their longer form.
#pragma once

#include <string>
#include <vector>

#include "codec/json.h"
#include "manifest/report.h"
#include "signature/message.h"

namespace sluice::manifest {

// What does not fit is reported and left out.
[[nodiscard]] std::vector<signature::MessagePart> read_message(const codec::Json& json,
                                                               const std::string& at,
                                                               Report& report);

}  // namespace sluice::manifest
