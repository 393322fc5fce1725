#include "crypto/certificate.h"
#include "crypto/ecdsa.h"
#include "crypto/key_text.h"
#include "crypto/pem.h"
#include "crypto/public_signature.h"
#include "crypto/rsa.h"

namespace sluice::crypto {
namespace {

constexpr std::size_t kTextMax = 256 * 1024;

}  // namespace

Result<std::vector<Certificate>> parse_certificates(ByteView text) {
  if (text.size() > kTextMax) return Error{Errc::kTooBig, "certificates of more than 256 KiB"};
  std::vector<Certificate> certificates;
  if (text.find(kPemBegin) == ByteView::npos) {
    SLUICE_TRY(const auto unwrapped, unwrap_key(text, KeyHalf::kPublic));
    if (unwrapped.form != KeyForm::kDer) return Error{Errc::kMalformed, "no certificate"};
    SLUICE_TRY(auto certificate, parse_certificate(unwrapped.bytes));
    certificates.push_back(std::move(certificate));
    return certificates;
  }
  while (const auto block = next_pem_block(text)) {
    text = block->rest;
    if (!is_certificate_label(block->label)) continue;
    if (certificates.size() == kCertificatesMax) {
      return Error{Errc::kTooBig, "more than 16 certificates"};
    }
    SLUICE_TRY(const auto der, decode_pem_body(block->body));
    SLUICE_TRY(auto certificate, parse_certificate(der));
    certificates.push_back(std::move(certificate));
  }
  if (certificates.empty()) return Error{Errc::kMalformed, "no PEM block with a certificate"};
  return certificates;
}

bool is_signed_by(const Certificate& certificate, const PublicKey& issuer) {
  const auto rsa = [&](HashKind kind) {
    return issuer.kind == KeyKind::kRsa &&
           rsa_verify(issuer, RsaPadding::kPkcs1, kind, digest(kind, certificate.tbs).view(),
                      certificate.signature);
  };
  // Authorities pair either curve with any hash, so this is not `verify`.
  const auto ecdsa = [&](HashKind kind) {
    if (issuer.kind != KeyKind::kP256 && issuer.kind != KeyKind::kP384) return false;
    const auto raw = ecdsa_raw_of_der(issuer.kind, certificate.signature);
    return raw && ecdsa_verify(issuer, digest(kind, certificate.tbs).view(), *raw);
  };
  switch (certificate.algorithm) {
    case CertificateAlgorithm::kRsaSha256: return rsa(HashKind::kSha256);
    case CertificateAlgorithm::kRsaSha384: return rsa(HashKind::kSha384);
    case CertificateAlgorithm::kRsaSha512: return rsa(HashKind::kSha512);
    case CertificateAlgorithm::kEcdsaSha256: return ecdsa(HashKind::kSha256);
    case CertificateAlgorithm::kEcdsaSha384: return ecdsa(HashKind::kSha384);
    case CertificateAlgorithm::kEcdsaSha512: return ecdsa(HashKind::kSha512);
    case CertificateAlgorithm::kEd25519: {
      const ByteView parts[] = {certificate.tbs};
      return verify(PublicAlgorithm::kEd25519, EcdsaForm::kDer, issuer, parts,
                    certificate.signature);
    }
    case CertificateAlgorithm::kUnknown: break;
  }
  return false;
}

}  // namespace sluice::crypto
