// The members of a scheme's definition, one reader each.
#pragma once

#include "manifest/overlay.h"
#include "signature/scheme.h"

namespace sluice::manifest {

// Lays what is given over `scheme`; what does not fit is reported and left out. "like" and "name"
// are not among them.
void read_members(const Overlay& overlay, signature::Scheme& scheme);

}  // namespace sluice::manifest
