#!/bin/sh
# Writes src/crypto/vectors/{keys,certificates}.h anew, by OpenSSL 3 and Node: keys of tests, and
# what they signed of the message "signed by OpenSSL".
set -eu
target=$(cd "$(dirname "$0")/../src/crypto/vectors" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

begin() {
  printf '// Written by native-tests/key_vectors.sh. %s\n#pragma once\n\n' "$1"
  printf 'namespace sluice::crypto::vectors {\n// clang-format off\n'
}
end() { printf '\n}  // namespace sluice::crypto::vectors\n'; }
camel() { printf '%s' "$1" | sed -E 's/(^|_)([a-z])/\U\2/g'; }
text() {  # text NAME FILE: the file as it is.
  printf '\ninline constexpr char %s[] =\n' "$1"
  sed 's/.*/    "&\\n"/; $s/$/;/' "$2"
}
base64_of() {  # base64_of NAME FILE: the file's bytes.
  printf '\ninline constexpr char %s[] =\n' "$1"
  base64 -w 88 "$2" | sed 's/.*/    "&"/; $s/$/;/'
}

printf 'signed by OpenSSL' >message
openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out rsa.pem 2>/dev/null
# A modulus of 8 * n + 1 bits, which OpenSSL does not make: its primes have 1024 and 1025.
node -e '
  const { createPrivateKey, generatePrimeSync } = require("node:crypto");
  const inverse = (a, m) => {
    let [r, s, t, u] = [a % m, m, 1n, 0n];
    while (r > 0n) [r, s, t, u] = [s % r, r, u - (s / r) * t, t];
    return ((u % m) + m) % m;
  };
  const text = (n) => {
    const hex = n.toString(16);
    return Buffer.from(hex.padStart(hex.length + (hex.length & 1), "0"), "hex")
      .toString("base64url");
  };
  const e = 65537n;
  for (;;) {
    const p = generatePrimeSync(1025, { bigint: true });
    const q = generatePrimeSync(1024, { bigint: true });
    const n = p * q;
    if (n >> 2048n !== 1n || p % e === 1n || q % e === 1n) continue;
    const d = inverse(e, (p - 1n) * (q - 1n));
    const jwk = { kty: "RSA", n: text(n), e: text(e), d: text(d), p: text(p), q: text(q),
      dp: text(d % (p - 1n)), dq: text(d % (q - 1n)), qi: text(inverse(q, p)) };
    const key = createPrivateKey({ key: jwk, format: "jwk" });
    process.stdout.write(key.export({ type: "pkcs8", format: "pem" }));
    break;
  }' >odd.pem
openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:1024 -out short.pem 2>/dev/null
openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256 -out p256.pem
openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-384 -out p384.pem
openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-521 -out p521.pem
openssl genpkey -algorithm ed25519 -out ed25519.pem
openssl genpkey -algorithm rsa-pss -pkeyopt rsa_keygen_bits:2048 -out pss.pem 2>/dev/null

{
  begin "Nothing but tests uses these keys."
  text kRsaPrivate rsa.pem
  openssl rsa -in rsa.pem -traditional -out out 2>/dev/null && text kRsaPrivatePkcs1 out
  openssl pkey -in rsa.pem -aes128 -passout pass:x -out out && text kRsaEncrypted out
  openssl pkey -in rsa.pem -aes128 -passout pass:x -traditional -out out &&
    text kRsaEncryptedPkcs1 out
  openssl pkey -in rsa.pem -pubout -out out && text kRsaPublic out
  openssl rsa -in rsa.pem -RSAPublicKey_out -out out 2>/dev/null && text kRsaPublicPkcs1 out
  for hash in md5 sha1 sha256 sha384 sha512; do
    openssl dgst -$hash -sign rsa.pem -out out message
    base64_of "kRsaPkcs1$(camel $hash)" out
  done
  text kOddPrivate odd.pem
  openssl pkey -in odd.pem -pubout -out out && text kOddPublic out
  openssl dgst -sha256 -sign odd.pem -sigopt rsa_padding_mode:pss \
    -sigopt rsa_pss_saltlen:digest -out out message
  base64_of kOddPss out
  openssl pkey -in short.pem -pubout -out out && text kShortPublic out
  openssl pkey -in pss.pem -pubout -out out && text kPssOnlyPublic out
  for curve in p256 p384 p521; do
    openssl pkey -in $curve.pem -pubout -out out && text "k$(camel $curve)Public" out
    [ $curve = p521 ] && continue
    text "k$(camel $curve)Private" $curve.pem
    openssl ec -in $curve.pem -out out 2>/dev/null && text "k$(camel $curve)Sec1" out
    openssl ec -in $curve.pem -pubout -conv_form compressed -out out 2>/dev/null
    text "k$(camel $curve)Compressed" out
    hash=sha384
    [ $curve = p256 ] && hash=sha256
    openssl dgst -$hash -sign $curve.pem -out out message
    base64_of "k$(camel $curve)Signature" out
  done
  text kEd25519Private ed25519.pem
  openssl pkey -in ed25519.pem -pubout -out out && text kEd25519Public out
  openssl pkeyutl -sign -rawin -inkey ed25519.pem -in message -out out
  base64_of kEd25519Signature out
  end
} >keys.h

# issue NAME ISSUER KEY EXTENSIONS [OPTION...]: a certificate for KEY; ISSUER "-" signs itself.
issue() {
  name=$1 issuer=$2 key=$3 extensions=$4
  shift 4
  printf '%b' "$extensions" >extensions
  openssl req -new -key "$key.pem" -subj "/O=Sluice tests/CN=$name" -out request
  if [ "$issuer" = - ]; then set -- -signkey "$key.pem" "$@"
  else set -- -CA "$issuer.crt" -CAkey "$issuer.key" -CAcreateserial "$@"; fi
  openssl x509 -req -in request -days 36500 -extfile extensions -out "$name.crt" "$@" 2>/dev/null
  cp "$key.pem" "$name.key"
}
authority='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n'
leaf='subjectAltName=DNS:hooks.example.com,DNS:*.wild.example.com\nkeyUsage=digitalSignature\n'
issue root - p384 "$authority" -sha384
issue middle root rsa "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign\n" -sha384
issue leaf middle p256 "$leaf" -sha256
issue below middle odd "$authority" -sha256
issue deep below p256 "$leaf" -sha256
issue other - ed25519 "$authority"
issue ed_leaf other p256 "$leaf"
issue plain root rsa "basicConstraints=CA:FALSE\n" -sha256
issue forbidden plain p256 "$leaf" -sha256
issue unsigning root rsa 'basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign\n' -sha256
issue under_unsigning unsigning p256 "$leaf" -sha256
issue critical middle p256 "${leaf}1.2.3.4=critical,ASN1:NULL\n" -sha256
issue weak middle p256 "$leaf" -sha1
issue constrained root rsa "${authority}nameConstraints=permitted;DNS:example.org\n" -sha256
issue under_constrained constrained p256 "$leaf" -sha256
{
  begin "They are valid for a hundred years."
  for name in root middle leaf below deep other ed_leaf plain forbidden unsigning \
    under_unsigning critical weak constrained under_constrained; do
    text "k$(camel $name)" "$name.crt"
  done
  end
} >certificates.h
mv keys.h certificates.h "$target/"
