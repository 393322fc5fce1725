// What the module that only verifies is linked with instead of the core's own: it reads no private
// key, and a scheme's handshakes are passed over.
//
// Each of these stands alone in its file of the core, so this definition is the one that is linked;
// were it not so, the linker would find two and say so.
#include <string>
#include <string_view>
#include <vector>

#include "crypto/private_key.h"
#include "manifest/scheme_handshake.h"
#include "signature/handshake.h"

namespace sluice {

Result<crypto::PrivateKey> crypto::parse_private_key(ByteView /*text*/) {
  return Error{Errc::kNoCapability, "this module does not sign"};
}

signature::Handshake signature::handshake_of(std::string_view /*preset*/) {
  return Handshake::kNone;
}

std::vector<signature::HandshakeRule> signature::handshake_rules(Handshake /*handshake*/) {
  return {};
}

Result<void> signature::check_handshakes(const Scheme& /*scheme*/) { return {}; }

std::vector<signature::HandshakeRule> manifest::read_handshakes(const codec::Json& /*json*/,
                                                                const std::string& /*at*/,
                                                                Report& /*report*/) {
  return {};
}

}  // namespace sluice
