#include "crypto/rsa_padding.h"

#include <algorithm>

#include "base/assert.h"
#include "crypto/equal.h"

namespace sluice::crypto {
namespace {

using namespace std::string_view_literals;

// DER of a DigestInfo up to its digest (RFC 8017, section 9.2, note 1).
ByteView digest_info(HashKind kind) {
  switch (kind) {
    case HashKind::kMd5:
      return "\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10"sv;
    case HashKind::kSha1: return "\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14"sv;
    case HashKind::kSha256:
      return "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"sv;
    case HashKind::kSha384:
      return "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"sv;
    case HashKind::kSha512:
      return "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"sv;
  }
  SLUICE_ASSERT(false);
}

// MGF1: `bytes` xored with hash(seed || 0) || hash(seed || 1) || ...
void mask(HashKind kind, ByteView seed, Bytes& bytes) {
  Hash seeded(kind);
  seeded.update(seed);
  std::uint32_t counter = 0;
  for (std::size_t at = 0; at < bytes.size(); ++counter) {
    const char count[] = {static_cast<char>(counter >> 24), static_cast<char>(counter >> 16),
                          static_cast<char>(counter >> 8), static_cast<char>(counter)};
    Hash hash = seeded;
    hash.update({count, sizeof count});
    const Digest digest = hash.finish();
    for (std::size_t i = 0; i < digest.view().size() && at < bytes.size(); ++i, ++at) {
      bytes[at] = static_cast<char>(bytes[at] ^ digest.view()[i]);
    }
  }
}

Digest pss_hash(HashKind kind, ByteView digest, ByteView salt) {
  Hash hash(kind);
  hash.update("\0\0\0\0\0\0\0\0"sv);
  hash.update(digest);
  hash.update(salt);
  return hash.finish();
}

// How PSS divides a block: [00] masked_db hash bc. The block has one bit less than the modulus.
struct PssShape {
  std::size_t zeros;       // 1 where the block is a byte shorter than the modulus, or 0.
  std::size_t db;          // Length of the masked data block: padding, 01, salt.
  unsigned char top_bits;  // The bits of its first byte that may be set.
};

PssShape pss_shape(std::size_t bits, std::size_t hash_size) {
  const std::size_t block = (bits - 1 + 7) / 8;
  const std::size_t unused = 8 * block - (bits - 1);
  SLUICE_ASSERT(block >= 2 * hash_size + 2);
  return {.zeros = (bits + 7) / 8 - block,
          .db = block - hash_size - 1,
          .top_bits = static_cast<unsigned char>(0xff >> unused)};
}

}  // namespace

Bytes pkcs1_block(HashKind kind, ByteView digest, std::size_t size) {
  const ByteView info = digest_info(kind);
  SLUICE_ASSERT(digest.size() == digest_size(kind));
  SLUICE_ASSERT(size >= info.size() + digest.size() + 11);
  Bytes block("\x00\x01"sv);
  block.append(size - info.size() - digest.size() - 3, '\xff');
  block += '\0';
  block += info;
  block += digest;
  return block;
}

Bytes pss_block(HashKind kind, ByteView digest, ByteView salt, std::size_t bits) {
  SLUICE_ASSERT(salt.size() == digest.size() && digest.size() == digest_size(kind));
  const PssShape shape = pss_shape(bits, digest.size());
  const Digest hash = pss_hash(kind, digest, salt);
  Bytes db(shape.db - salt.size() - 1, '\0');
  db += '\x01';
  db += salt;
  mask(kind, hash.view(), db);
  db[0] = static_cast<char>(db[0] & shape.top_bits);
  Bytes block(shape.zeros, '\0');
  block += db;
  block += hash.view();
  block += '\xbc';
  return block;
}

bool is_pss_block(HashKind kind, ByteView digest, ByteView block, std::size_t bits) {
  const PssShape shape = pss_shape(bits, digest.size());
  if (block.size() != shape.zeros + shape.db + digest.size() + 1 || block.back() != '\xbc') {
    return false;
  }
  if (shape.zeros == 1 && block[0] != 0) return false;
  Bytes db(block.substr(shape.zeros, shape.db));
  const ByteView hash = block.substr(shape.zeros + shape.db, digest.size());
  if ((static_cast<unsigned char>(db[0]) & ~shape.top_bits) != 0) return false;
  mask(kind, hash, db);
  db[0] = static_cast<char>(db[0] & shape.top_bits);

  const std::size_t padding = shape.db - digest.size() - 1;
  const ByteView view = db;
  if (view.substr(0, padding).find_first_not_of('\0') != ByteView::npos) return false;
  if (view[padding] != '\x01') return false;
  return equal(pss_hash(kind, digest, view.substr(padding + 1)).view(), hash);
}

}  // namespace sluice::crypto
