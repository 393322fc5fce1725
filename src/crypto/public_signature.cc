#include "crypto/public_signature.h"

#include <sodium.h>

#include <optional>

#include "base/assert.h"
#include "crypto/ecdsa.h"
#include "crypto/hash.h"
#include "crypto/rsa.h"

namespace sluice::crypto {
namespace {

constexpr Error kOtherKind{Errc::kBadArgument, "the key is not of the algorithm's kind"};

RsaPadding padding_of(PublicAlgorithm algorithm) {
  const bool is_pss = algorithm == PublicAlgorithm::kRsaPssSha256 ||
                      algorithm == PublicAlgorithm::kRsaPssSha384 ||
                      algorithm == PublicAlgorithm::kRsaPssSha512;
  return is_pss ? RsaPadding::kPss : RsaPadding::kPkcs1;
}

Digest digest_of(HashKind kind, std::span<const ByteView> message) {
  Hash hash(kind);
  for (const ByteView part : message) hash.update(part);
  return hash.finish();
}

// Ed25519 hashes what it signs together with the signature, so the library wants it in one piece.
class Joined {
 public:
  explicit Joined(std::span<const ByteView> parts) {
    if (parts.size() == 1) {
      view_ = parts[0];
      return;
    }
    std::size_t size = 0;
    for (const ByteView part : parts) size += part.size();
    bytes_.reserve(size);
    for (const ByteView part : parts) bytes_ += part;
    view_ = bytes_;
  }
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;

  [[nodiscard]] ByteView view() const { return view_; }

 private:
  Bytes bytes_;
  ByteView view_;
};

bool ed25519_verify(const PublicKey& key, std::span<const ByteView> message, ByteView signature) {
  if (signature.size() != crypto_sign_BYTES || key.a.size() != crypto_sign_PUBLICKEYBYTES) {
    return false;
  }
  const Joined joined(message);
  return crypto_sign_verify_detached(as_u8(signature), as_u8(joined.view()), joined.view().size(),
                                     as_u8(ByteView(key.a))) == 0;
}

}  // namespace

KeyKind key_kind(PublicAlgorithm algorithm) {
  switch (algorithm) {
    case PublicAlgorithm::kEd25519: return KeyKind::kEd25519;
    case PublicAlgorithm::kEcdsaP256Sha256: return KeyKind::kP256;
    case PublicAlgorithm::kEcdsaP384Sha384: return KeyKind::kP384;
    case PublicAlgorithm::kRsaPkcs1Md5:
    case PublicAlgorithm::kRsaPkcs1Sha1:
    case PublicAlgorithm::kRsaPkcs1Sha256:
    case PublicAlgorithm::kRsaPkcs1Sha384:
    case PublicAlgorithm::kRsaPkcs1Sha512:
    case PublicAlgorithm::kRsaPssSha256:
    case PublicAlgorithm::kRsaPssSha384:
    case PublicAlgorithm::kRsaPssSha512: break;
  }
  return KeyKind::kRsa;
}

HashKind hash_kind(PublicAlgorithm algorithm) {
  switch (algorithm) {
    case PublicAlgorithm::kRsaPkcs1Md5: return HashKind::kMd5;
    case PublicAlgorithm::kRsaPkcs1Sha1: return HashKind::kSha1;
    case PublicAlgorithm::kRsaPkcs1Sha256:
    case PublicAlgorithm::kRsaPssSha256:
    case PublicAlgorithm::kEcdsaP256Sha256: return HashKind::kSha256;
    case PublicAlgorithm::kRsaPkcs1Sha384:
    case PublicAlgorithm::kRsaPssSha384:
    case PublicAlgorithm::kEcdsaP384Sha384: return HashKind::kSha384;
    case PublicAlgorithm::kEd25519:
    case PublicAlgorithm::kRsaPkcs1Sha512:
    case PublicAlgorithm::kRsaPssSha512: break;
  }
  return HashKind::kSha512;
}

bool verify(PublicAlgorithm algorithm, EcdsaForm form, const PublicKey& key,
            std::span<const ByteView> message, ByteView signature) {
  if (key.kind != key_kind(algorithm)) return false;
  if (key.kind == KeyKind::kEd25519) return ed25519_verify(key, message, signature);

  const HashKind kind = hash_kind(algorithm);
  const Digest digest = digest_of(kind, message);
  if (key.kind == KeyKind::kRsa) {
    return rsa_verify(key, padding_of(algorithm), kind, digest.view(), signature);
  }
  if (form == EcdsaForm::kRaw) return ecdsa_verify(key, digest.view(), signature);
  const auto raw = ecdsa_raw_of_der(key.kind, signature);
  return raw && ecdsa_verify(key, digest.view(), *raw);
}

Result<Bytes> sign_ed25519(const PrivateKey& key, std::span<const ByteView> message) {
  if (key.kind != KeyKind::kEd25519 || key.secret.size() != crypto_sign_SECRETKEYBYTES) {
    return kOtherKind;
  }
  const Joined joined(message);
  Bytes signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(as_u8(signature), nullptr, as_u8(joined.view()), joined.view().size(),
                       as_u8(ByteView(key.secret)));
  return signature;
}

Result<Bytes> sign(PublicAlgorithm algorithm, EcdsaForm form, const PrivateKey& key,
                   std::span<const ByteView> message, std::span<const std::uint8_t> random) {
  if (key.kind != key_kind(algorithm)) return kOtherKind;
  if (key.kind == KeyKind::kEd25519) return sign_ed25519(key, message);

  const HashKind kind = hash_kind(algorithm);
  const Digest digest = digest_of(kind, message);
  if (key.kind == KeyKind::kRsa) {
    const RsaPadding padding = padding_of(algorithm);
    ByteView salt;
    if (padding == RsaPadding::kPss) {
      if (random.size() < digest_size(kind)) {
        return Error{Errc::kBadArgument, "too few random bytes for the salt of PSS"};
      }
      salt = {reinterpret_cast<const char*>(random.data()), digest_size(kind)};
    }
    return rsa_sign(key, padding, kind, digest.view(), salt);
  }
  auto raw = ecdsa_sign(key.kind, key.secret, digest.view());
  if (!raw) return Error{Errc::kBadArgument, "the private key is not in its curve's range"};
  return form == EcdsaForm::kRaw ? *std::move(raw) : ecdsa_der_of_raw(*raw);
}

}  // namespace sluice::crypto
