// The bytes under an HTTP message signature (RFC 9421, section 2.5): one line for each component
// that is covered, and the signature's own parameters last.
//
//   "@method": POST
//   "@authority": hooks.example
//   "content-digest": sha-256=:X48E9q...=:
//   "@signature-params": ("@method" "@authority" "content-digest");created=1618884473;keyid="k1"
//
// Lines cannot run into each other: no value holds a line break, and no component is named twice.
#pragma once

#include <string>

#include "base/result.h"
#include "signature/structured_fields.h"
#include "signature/verify.h"

namespace sluice::signature {

inline constexpr std::size_t kSignatureBaseMax = 64 * 1024;

// Errors: kMalformed (a component that does not exist, is named twice, or has parameters that are
// not supported here: only `name` of "@query-param" is), kNotFound (what it covers is not in the
// request), kConflict (it arrived more than once), kTooBig.
[[nodiscard]] Result<std::string> signature_base(const InnerList& input, const Request& request);

// Whether `name` is a component that can be covered here: a header, or one of @method, @target-uri,
// @authority, @scheme, @request-target, @path, @query.
[[nodiscard]] bool is_component(std::string_view name);

}  // namespace sluice::signature
