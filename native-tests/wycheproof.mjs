// Writes src/crypto/vectors/*.inc from the JSON of Project Wycheproof (github.com/C2SP/wycheproof,
// Apache-2.0): `node native-tests/wycheproof.mjs <its testvectors_v1>`.
//
// Every vector of each file is taken, as words: "key <key>" opens a group, then for each vector
// "<id> <result> <message> <signature>", bytes in base64 and "-" for none. Results are v, i, a for
// valid, invalid and acceptable. HMAC has its key with the vector and the tag's size in bits.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const source = process.argv[2];
const target = new URL("../src/crypto/vectors/", import.meta.url);

const base64 = (hex) => Buffer.from(hex, "hex").toString("base64") || "-";

function literal(words) {
  const text = words.join(" ");
  const lines = text.match(/.{1,96}/g).map((line) => `"${line}"`);
  return lines.join("\n") + ",\n";
}

const ways = {
  hmac: (group, test) => [test.tcId, test.result[0], group.tagSize, base64(test.key),
    base64(test.msg), base64(test.tag)],
  signature: (group, test) => [test.tcId, test.result[0], base64(test.msg), base64(test.sig)],
};

function write(name, files, way, head) {
  let text = `// From Project Wycheproof (${files.join(", ")}), Apache-2.0,\n` +
    "// written by native-tests/wycheproof.mjs, which says what the words are.\n" +
    "// clang-format off\n";
  for (const file of files) {
    const { testGroups } = JSON.parse(readFileSync(join(source, file), "utf8"));
    for (const group of testGroups) {
      const words = head?.(group);
      if (words === null) continue;
      if (words) text += literal(words);
      for (const test of group.tests) text += literal(way(group, test));
    }
  }
  writeFileSync(new URL(`${name}.inc`, target), text);
}

const key = (group) => ["key", base64(group.publicKeyDer)];
for (const hash of ["sha1", "sha256", "sha384", "sha512"]) {
  write(`hmac_${hash}`, [`hmac_${hash}_test.json`], ways.hmac);
}
write("ed25519", ["ed25519_test.json"], ways.signature, key);
for (const curve of ["secp256r1_sha256", "secp384r1_sha384"]) {
  write(`ecdsa_${curve}`, [`ecdsa_${curve}_test.json`], ways.signature, key);
  write(`ecdsa_${curve}_raw`, [`ecdsa_${curve}_p1363_test.json`], ways.signature, key);
}
for (const hash of ["sha256", "sha384", "sha512"]) {
  for (const bits of [2048, 3072, 4096]) {
    write(`rsa_${bits}_${hash}`, [`rsa_signature_${bits}_${hash}_test.json`], ways.signature, key);
  }
}
const pss = ["2048_sha256_mgf1_32", "2048_sha384_mgf1_48", "3072_sha256_mgf1_32",
  "4096_sha256_mgf1_32", "4096_sha384_mgf1_48", "4096_sha512_mgf1_64"];
for (const shape of pss) {
  write(`rsa_pss_${shape}`, [`rsa_pss_${shape}_test.json`], ways.signature, key);
}
// One signature for each pairing of hash, hash of the mask and length of the salt. "shape" says
// them before the key.
write("rsa_pss_shapes", ["rsa_pss_misc_test.json"], ways.signature, (group) =>
  ["SHA-1", "SHA-224"].includes(group.sha) ? null : ["shape", group.sha, group.mgfSha, group.sLen,
    base64(group.publicKeyDer)]);
