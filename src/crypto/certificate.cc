#include "crypto/certificate.h"

#include <array>
#include <string>

#include "codec/rfc3339.h"
#include "crypto/der.h"
#include "crypto/key_der.h"

namespace sluice::crypto {
namespace {

using namespace std::string_view_literals;

constexpr Error kNoCertificate{Errc::kMalformed, "the DER is no X.509 certificate"};

constexpr ByteView kCommonName = "\x55\x04\x03"sv;
constexpr ByteView kKeyUsage = "\x55\x1d\x0f"sv;
constexpr ByteView kAlternativeName = "\x55\x1d\x11"sv;
constexpr ByteView kBasicConstraints = "\x55\x1d\x13"sv;
constexpr ByteView kNameConstraints = "\x55\x1d\x1e"sv;
constexpr ByteView kPolicies = "\x55\x1d\x20"sv;
constexpr ByteView kExtendedKeyUsage = "\x55\x1d\x25"sv;

struct AlgorithmName {
  ByteView oid;
  CertificateAlgorithm algorithm;
};

constexpr std::array<AlgorithmName, 7> kAlgorithms = {{
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"sv, CertificateAlgorithm::kRsaSha256},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c"sv, CertificateAlgorithm::kRsaSha384},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d"sv, CertificateAlgorithm::kRsaSha512},
    {"\x2a\x86\x48\xce\x3d\x04\x03\x02"sv, CertificateAlgorithm::kEcdsaSha256},
    {"\x2a\x86\x48\xce\x3d\x04\x03\x03"sv, CertificateAlgorithm::kEcdsaSha384},
    {"\x2a\x86\x48\xce\x3d\x04\x03\x04"sv, CertificateAlgorithm::kEcdsaSha512},
    {"\x2b\x65\x70"sv, CertificateAlgorithm::kEd25519},
}};

CertificateAlgorithm algorithm_of(ByteView identifier) {
  DerReader fields(identifier);
  const auto name = fields.take(der::kOid);
  for (const auto& each : kAlgorithms) {
    if (name == each.oid) return each.algorithm;
  }
  return CertificateAlgorithm::kUnknown;
}

// UTCTime YYMMDDHHMMSSZ up to 2049, GeneralizedTime YYYYMMDDHHMMSSZ (RFC 5280, 4.1.2.5).
std::optional<Instant> take_time(DerReader& fields) {
  std::string text = "....-..-..T..:..:..Z";
  ByteView digits;
  if (const auto short_year = fields.take(der::kUtcTime)) {
    digits = *short_year;
    if (digits.size() != 13) return std::nullopt;
    text.replace(0, 2, digits[0] >= '5' ? "19" : "20");
  } else if (const auto full_year = fields.take(der::kGeneralizedTime)) {
    digits = *full_year;
    if (digits.size() != 15) return std::nullopt;
  }
  if (digits.empty() || digits.back() != 'Z') return std::nullopt;
  digits.remove_suffix(1);
  if (digits.find_first_not_of("0123456789") != ByteView::npos) return std::nullopt;
  for (char& c : text) {
    if (c != '.') continue;
    c = digits[0];
    digits.remove_prefix(1);
  }
  return codec::parse_rfc3339(text);
}

// Name ::= SEQUENCE OF SET OF SEQUENCE { type, value }
bool read_common_name(ByteView name, Certificate& certificate) {
  DerReader sets(name);
  while (!sets.at_end()) {
    auto attributes = sets.enter(der::kSet);
    if (!attributes) return false;
    while (!attributes->at_end()) {
      auto attribute = attributes->enter(der::kSequence);
      if (!attribute) return false;
      const auto type = attribute->take(der::kOid);
      const auto value = attribute->take();
      if (!type || !value || !attribute->at_end()) return false;
      if (*type == kCommonName) certificate.common_name = Bytes(value->content);
    }
  }
  return true;
}

bool read_alternative_names(ByteView der, Certificate& certificate) {
  auto names = enter_whole(der, der::kSequence);
  if (!names) return false;
  while (!names->at_end()) {
    const auto name = names->take();
    if (!name) return false;
    if (name->tag == der::implicit_tag(2)) certificate.dns_names.emplace_back(name->content);
  }
  return true;
}

bool read_basic_constraints(ByteView der, Certificate& certificate) {
  auto fields = enter_whole(der, der::kSequence);
  if (!fields) return false;
  if (const auto authority = fields->take(der::kBoolean)) {
    if (*authority != "\xff"sv) return false;  // DER leaves the default, FALSE, out.
    certificate.is_authority = true;
  }
  if (fields->next_is(der::kInteger)) {
    const auto length = fields->take_unsigned();
    if (!length || length->size() > 1) return false;
    certificate.path_length_max =
        length->empty() ? std::uint8_t{0} : static_cast<std::uint8_t>((*length)[0]);
  }
  return fields->at_end();
}

bool read_key_usage(ByteView der, Certificate& certificate) {
  DerReader outer(der);
  const auto bits = outer.take(der::kBitString);
  if (!bits || bits->size() < 2 || !outer.at_end()) return false;
  // Bit 5, counted from the most significant, is keyCertSign.
  certificate.may_sign_certificates = (static_cast<unsigned char>((*bits)[1]) & 0x04) != 0;
  return true;
}

struct Extension {
  ByteView name;
  bool is_critical;
  ByteView value;
};

bool read_extension(const Extension& extension, Certificate& certificate) {
  if (extension.name == kAlternativeName) {
    return read_alternative_names(extension.value, certificate);
  }
  if (extension.name == kBasicConstraints) {
    return read_basic_constraints(extension.value, certificate);
  }
  if (extension.name == kKeyUsage) return read_key_usage(extension.value, certificate);
  // Name constraints bind also where they are not marked critical.
  const bool may_be_ignored = extension.name == kPolicies || extension.name == kExtendedKeyUsage;
  if (extension.name == kNameConstraints || (extension.is_critical && !may_be_ignored)) {
    certificate.has_unknown_limits = true;
  }
  return true;
}

bool read_extensions(ByteView der, Certificate& certificate) {
  auto list = enter_whole(der, der::kSequence);
  if (!list) return false;
  std::vector<ByteView> seen;
  while (!list->at_end()) {
    auto fields = list->enter(der::kSequence);
    if (!fields) return false;
    const auto name = fields->take(der::kOid);
    const auto critical = fields->take(der::kBoolean);
    const auto value = fields->take(der::kOctetString);
    if (!name || !value || !fields->at_end()) return false;
    if (critical && *critical != "\xff"sv) return false;
    for (const ByteView other : seen) {
      if (other == *name) return false;
    }
    seen.push_back(*name);
    if (seen.size() > 64) return false;
    const Extension extension{.name = *name, .is_critical = critical.has_value(), .value = *value};
    if (!read_extension(extension, certificate)) return false;
  }
  return true;
}

// What stands before the subject's key. The inner algorithm has to repeat the outer one.
bool read_head(DerReader& fields, ByteView outer_algorithm, Certificate& certificate) {
  if (fields.next_is(der::explicit_tag(0))) {
    auto version = fields.enter(der::explicit_tag(0));
    const auto number = version ? version->take_unsigned() : std::nullopt;
    if (!number || number->size() != 1 || (*number)[0] > 2 || !version->at_end()) return false;
  }
  if (!fields.take(der::kInteger)) return false;
  const auto algorithm = fields.take(der::kSequence);
  if (!algorithm || *algorithm != outer_algorithm) return false;
  certificate.algorithm = algorithm_of(*algorithm);

  if (!fields.next_is(der::kSequence)) return false;
  const auto issuer = fields.take();
  auto validity = fields.enter(der::kSequence);
  if (!issuer || !validity || !fields.next_is(der::kSequence)) return false;
  const auto subject = fields.take();
  if (!subject || !read_common_name(subject->content, certificate)) return false;
  certificate.issuer = Bytes(issuer->whole);
  certificate.subject = Bytes(subject->whole);
  certificate.key.not_before = take_time(*validity);
  certificate.key.not_after = take_time(*validity);
  return certificate.key.not_before && certificate.key.not_after && validity->at_end();
}

bool read_tail(DerReader& fields, Certificate& certificate) {
  (void)fields.take(der::implicit_tag(1));  // Unique identifiers, which nobody uses.
  (void)fields.take(der::implicit_tag(2));
  if (fields.at_end()) return true;
  const auto extensions = fields.take(der::explicit_tag(3));
  return extensions && fields.at_end() && read_extensions(*extensions, certificate);
}

}  // namespace

Result<Certificate> parse_certificate(ByteView der) {
  auto outer = enter_whole(der, der::kSequence);
  if (!outer || !outer->next_is(der::kSequence)) return kNoCertificate;
  const auto tbs = outer->take();
  const auto algorithm = outer->take(der::kSequence);
  const auto signature = outer->take_octets_of_bits();
  if (!tbs || !algorithm || !signature || !outer->at_end()) return kNoCertificate;

  Certificate certificate;
  certificate.whole = Bytes(der);
  certificate.tbs = Bytes(tbs->whole);
  certificate.signature = Bytes(*signature);
  DerReader fields(tbs->content);
  if (!read_head(fields, *algorithm, certificate)) return kNoCertificate;
  if (!fields.next_is(der::kSequence)) return kNoCertificate;
  const auto spki = fields.take();
  if (!spki || !read_tail(fields, certificate)) return kNoCertificate;

  SLUICE_TRY(auto key, public_key_of_spki(spki->whole));
  key.not_before = certificate.key.not_before;
  key.not_after = certificate.key.not_after;
  certificate.key = std::move(key);
  return certificate;
}

}  // namespace sluice::crypto
