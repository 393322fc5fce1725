#include "crypto/rsa.h"

#include <bearssl.h>

#include <optional>

#include "crypto/equal.h"
#include "crypto/key_der.h"
#include "crypto/rsa_padding.h"
#include "crypto/rsa_public.h"

namespace sluice::crypto {
namespace {

// Words of 62 bits where the machine multiplies them; in wasm those of 31 bits are faster.
br_rsa_private private_operation() {
  if constexpr (sizeof(std::size_t) == 8) {
    if (const auto fast = br_rsa_i62_private_get()) return fast;
  }
  return &br_rsa_i31_private;
}

unsigned char* part(const Bytes& bytes) {
  // The library's struct serves both directions; it does not write to the parts of a key.
  return const_cast<unsigned char*>(as_u8(ByteView(bytes)));
}

// What was signed; none where the signature is not below the modulus.
std::optional<Bytes> opened(const PublicKey& key, ByteView signature) {
  const std::size_t bits = bit_length(key.a);
  if (bits < kRsaBitsMin || bits > kRsaBitsMax) return std::nullopt;
  if (signature.size() != key.a.size()) return std::nullopt;
  Bytes block(signature);
  if (!rsa_public(key.a, key.b, block)) return std::nullopt;
  return block;
}

}  // namespace

bool rsa_verify(const PublicKey& key, RsaPadding padding, HashKind kind, ByteView digest,
                ByteView signature) {
  const auto block = opened(key, signature);
  if (!block) return false;
  if (padding == RsaPadding::kPss) return is_pss_block(kind, digest, *block, bit_length(key.a));
  return equal(*block, pkcs1_block(kind, digest, block->size()));
}

Result<Bytes> rsa_sign(const PrivateKey& key, RsaPadding padding, HashKind kind, ByteView digest,
                       ByteView salt) {
  const std::size_t bits = bit_length(key.public_half.a);
  const Bytes block = padding == RsaPadding::kPss ? pss_block(kind, digest, salt, bits)
                                                  : pkcs1_block(kind, digest, (bits + 7) / 8);
  const br_rsa_private_key sk{.n_bitlen = static_cast<std::uint32_t>(bits),
                              .p = part(key.p),
                              .plen = key.p.size(),
                              .q = part(key.q),
                              .qlen = key.q.size(),
                              .dp = part(key.dp),
                              .dplen = key.dp.size(),
                              .dq = part(key.dq),
                              .dqlen = key.dq.size(),
                              .iq = part(key.iq),
                              .iqlen = key.iq.size()};
  Bytes signature = block;
  const bool done = private_operation()(as_u8(signature), &sk) == 1;
  const auto again = done ? opened(key.public_half, signature) : std::nullopt;
  if (!again || *again != block) {
    return Error{Errc::kBadArgument, "the numbers of the private RSA key do not belong together"};
  }
  return signature;
}

}  // namespace sluice::crypto
