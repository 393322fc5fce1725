#include "crypto/sha256_blocks.h"

namespace sluice::crypto {

Sha256Compress sha256_instructions() { return nullptr; }

}  // namespace sluice::crypto
