#include "native/scheme_page.h"

namespace sluice::native {

namespace {

constexpr std::string_view kHead = R"(# Schemes: how providers sign

<!-- Written by `sluice schemes --markdown`; change the data or scheme_guide.cc, not this file. -->

A scheme says how a provider signs a webhook, as data: where the signature stands, which bytes it
covers, how the key is made of the secret, when it was signed, and what names the delivery. The
same data verifies what comes in, signs what goes out, and lets `sluice send` play the provider.

```sh
sluice schemes                 # the list below
sluice schemes stripe          # one of them in plain words
sluice send --scheme stripe --secret env:STRIPE_SECRET --to http://127.0.0.1:8080/in/stripe
sluice send ... --forge        # with another secret: has to be refused
sluice send ... --stale        # signed long ago: has to be refused
sluice send ... --duplicate    # twice: accepted once, and the second answer names the same event
```

)";

constexpr std::string_view kGuide = R"(## A scheme of your own

In the manifest, `scheme` is the name of a scheme or an object that defines one. Definitions that
several sources share stand under `schemes` and are named like any other:

```json
{
  "slug": "shop",
  "schemes": {
    "acme": {
      "signature": { "from": "header:x-acme-signature", "prefix": "sha256=" },
      "message": "{timestamp}.{body}",
      "time": { "from": "header:x-acme-timestamp" },
      "identity": ["json:/id"]
    }
  },
  "sources": {
    "orders": { "scheme": "acme", "secrets": ["env:ACME_SECRET"] },
    "refunds": {
      "scheme": { "like": "stripe", "time": { "past_ms": 600000 } },
      "secrets": ["env:REFUNDS_SECRET"]
    }
  }
}
```

The same object in a file serves the command line: `sluice verify --scheme acme.json ...`,
`sluice schemes acme.json` explains it, and `sluice check` says what is wrong with one: its place,
what was expected, and the nearest valid word.

## Members

| member | default | what it says |
|---|---|---|
| `like` | none | begin with this scheme; members are laid over it, `null` takes a default back |
| `name` | its key under `schemes`, or that of `like` | what reports call it |
| `family` | `hmac` | `hmac`, `asymmetric`, `token`, `jwt`, `x509-url`, `message-signature` |
| `algorithm` | `hmac-sha256` | see below |
| `allow_legacy` | `false` | that a broken algorithm is meant |
| `signature` | required | where it stands |
| `key` | the text as it is | how the key is made of the secret |
| `message` | required | the signed bytes |
| `time` | none | when it was signed, and how far that may lie from now |
| `body_digest` | none | a signed hash of the body, instead of the body itself |
| `body_unsigned` | `false` | that the provider leaves the body unsigned, and you know |
| `identity` | the digest of the signed bytes | what names a delivery, so that its repeat is known |
| `installation` | none | the header that names the tenant |
| `parameters` | none | values for `{parameter:NAME}` in the message |
| `jwt` | none | which tokens are taken |
| `fetched` | none | keys that the provider publishes |
| `algorithm_by` | none | where a request says which of several algorithms signed it |
| `message_signature` | method, target, digest | what an HTTP message signature has to cover |
| `handshake` | none | what the provider asks before it sends ([manifest.md](manifest.md)) |

**Places** say where a text stands in a request: `header:x-signature`, `headers:x-signature-`
(numbered `-1`, `-2`, ...), `json:/data/id` (a JSON pointer into the body), `form:signature`,
`query:sig`, and, inside the signature's own text, `field:t` or `position:0`; `claim:iat` of a
token. Names of headers are written in lower case.

### `signature`

| member | default | what it says |
|---|---|---|
| `from` | required | the place |
| `prefix` | none | what stands in front of the whole text, and has to |
| `items` | none | what divides a list: a space, `,` `;` `&` or `\|` |
| `separator`, `field` | none | divides name and value (`=` `,` `\|` `:`); the name to look under |
| `position` | none | candidates are the items from this number on |
| `item_prefix` | none | what stands in front of each candidate |
| `field_is_key_id` | `false` | the name tells the key; the secret is `NAME`, separator, `KEY` |
| `encoding` | `hex` | `hex` (lower case), `hex-upper`, `hex-any`, `base64`, `base64url`, `text` |
| `ecdsa` | `der` | `der`, or `raw`: r and s of fixed length |
| `max` | 1; 16 for a list | how many candidates are tried |

`acme-signature: t=1531420618,v1=5257a8,v1=9a0b` is

```json
{ "signature": { "from": "header:acme-signature", "items": ",", "separator": "=", "field": "v1" },
  "time": { "from": "field:t" },
  "message": "{timestamp}.{body}" }
```

### `algorithm`

`hmac-sha1`, `hmac-sha256`, `hmac-sha384`, `hmac-sha512`, `ed25519`, `rsa-pkcs1-sha1`,
`rsa-pkcs1-sha256`, `rsa-pkcs1-sha384`, `rsa-pkcs1-sha512`, `rsa-pss-sha256`, `rsa-pss-sha384`,
`rsa-pss-sha512`, `ecdsa-p256-sha256`, `ecdsa-p384-sha384`. Those with public keys belong to the
family `asymmetric`:

```json
{ "family": "asymmetric", "algorithm": "ed25519",
  "signature": { "from": "header:x-signature-ed25519" },
  "key": { "form": "public-key" },
  "time": { "from": "header:x-signature-timestamp" },
  "message": "{timestamp}.{body}" }
```

`sha256-secret-first`, `hmac-md5` and `rsa-pkcs1-md5` can be forged or nearly so. They need
`"allow_legacy": true`, for providers that offer nothing else.

### `key`

`form` is `utf8` (the text as it is), `base64`, `hex`, `sha1` (SHA-1 of the text), `sha256-hex`
(the hex text of its SHA-256) or `public-key`; `prefix` is taken off first, where it is there.

```json
{ "like": "github", "key": { "form": "base64", "prefix": "whsec_" } }
```

### `message`

A template, or a list of templates and of parts in their longer form. Parts: `{body}`,
`{timestamp}`, `{header:NAME}`, `{url}` (as the provider knows it), `{url:path}` (path and query),
`{method}`, `{query:NAME}`, `{form:NAME}`, `{form-sorted}` (fields by name, each name and value),
`{json:/POINTER}`, `{crc32}` and `{sha256}` of the body, `{parameter:NAME}`.

```json
{ "like": "slack", "message": "v0:{timestamp}:{body}" }
```

The longer form frames a part, lowers its letters, or leaves it out with its frame when it is
absent; `{"literal": "{"}` is a brace that is meant as a letter.

```json
{ "signature": { "from": "header:x-acme-signature" },
  "time": { "from": "header:x-acme-timestamp" },
  "message": [ { "part": "header:x-acme-topic", "before": "topic:", "after": ";", "lower": true,
                 "optional": true }, "time:{timestamp};", "{body}" ] }
```

### `time`

`format` is `s`, `ms`, `s-or-ms`, `rfc3339` or `http-date`; `past_ms` (300000) and `future_ms`
(60000) bound it, and `future_within_past` keeps the second from exceeding the first. A time that
is not part of the message proves nothing; `"unsigned": true` says that it is known, and then it
only ever refuses.

```json
{ "like": "slack", "time": { "format": "s", "past_ms": 600000, "future_ms": 60000 } }
```

### `body_digest`, `body_unsigned`

A hash of the body that is itself signed. `hash` is `sha256`, `sha384`, `sha512`, `sha1` or `md5`;
`unless_form` is for providers that sign a form's fields instead; `optional` allows its absence.

```json
{ "signature": { "from": "header:x-acme-signature" },
  "message": "{timestamp}.{header:x-acme-digest}",
  "time": { "from": "header:x-acme-timestamp" },
  "body_digest": { "from": "header:x-acme-digest", "hash": "sha256", "encoding": "hex" } }
```

### `identity`, `installation`

Places, in order of preference. A place that is not signed never suffices: the digest of the
signed bytes is compared as well, so a new id on old bytes is a suspected replay.

```json
{ "like": "shopify", "identity": ["header:x-shopify-webhook-id"], "installation": "x-acme-tenant" }
```

### `jwt`

Family `jwt`: a token (RFC 7519) instead of a signature over the body, which a claim holds as a
hash. `algorithms` are the ones that are taken, by their names in RFC 7518 (`HS256` to `EdDSA`); the
token's own choice decides nothing. `issuer` and `audience` have to be those, where they are given.

```json
{ "family": "jwt",
  "signature": { "from": "header:authorization", "prefix": "Bearer ", "encoding": "text" },
  "key": { "form": "public-key" },
  "time": { "from": "claim:iat" },
  "body_digest": { "from": "claim:payload_hash" },
  "jwt": { "algorithms": ["RS256"], "issuer": "acme" },
  "fetched": { "url": "https://keys.acme.example/jwks.json" } }
```

### `fetched`

| member | what it says |
|---|---|
| `url` | where the keys are, always: a set of JWKs for tokens, a certificate for `x509-url` |
| `url_from` | the place in the request that names the URL |
| `hosts` | the hosts that it may name; `*` stands for one label: `sns.*.amazonaws.com` |
| `path_suffix` | what its path ends with |
| `subject` | whom the certificate has to be issued to; anybody on those hosts, where it is absent |

Only `https` is fetched, without redirects. A set is believed for 10 minutes and a certificate for a
day; an unknown key has a set fetched again, once a minute at most.

### `algorithm_by`, `parameters`

Where a request says which algorithm signed it, it chooses among those that the scheme lists and
nothing else. `parameters` are values of the source's own that the message holds, such as the id of
an account.

```json
{ "family": "x509-url", "algorithm": "rsa-pkcs1-sha256",
  "signature": { "from": "header:x-acme-signature", "encoding": "base64" },
  "key": { "form": "public-key" },
  "time": { "from": "header:x-acme-time" },
  "message": "{timestamp}.{parameter:account}.{body}",
  "parameters": { "account": "a-17" },
  "fetched": { "url_from": "header:x-acme-certificate", "hosts": ["certs.*.acme.example"],
               "path_suffix": ".pem", "subject": "signing.acme.example" },
  "algorithm_by": { "from": "header:x-acme-version",
                    "choices": { "1": "rsa-pkcs1-sha256", "2": "rsa-pss-sha256" } } }
```

### `message_signature`

Family `message-signature`: RFC 9421, with the body under its `content-digest` (RFC 9530).
`components` have to be covered, whatever else the sender covers; `tag` is the signature's, where a
message has several.

```json
{ "family": "message-signature", "algorithm": "ed25519", "key": { "form": "public-key" },
  "message_signature": { "components": ["@method", "@target-uri", "content-digest"],
                         "tag": "acme" } }
```

## What is refused, and why

A scheme is safe when its signed bytes belong to one request alone. `sluice check` refuses one
where that does not follow from the bytes:

- **The body has to be signed**: by `{body}`, or through a signed hash of it. Otherwise whoever
  sees one request can put any body under its signature. `body_unsigned` says that it is known.
- **The time has to be signed**, or whoever sees a request makes it fresh for ever.
- **Where a part ends must follow from the bytes.** With `{header:x-id}{body}` the last letters of
  the id can move into the body under the same signature. Put a literal between; parts whose form
  is fixed (a timestamp of ten digits, a method) need none.
- **Ambiguity is refused, never resolved**: a signed header that arrives twice, a repeated field, a
  repeated key on the way of a JSON pointer.
- **Broken algorithms** need `allow_legacy`.

A secret is compared in constant time; several secrets are valid at once while one is being
changed ([manifest.md](manifest.md)).
)";

}  // namespace

std::string_view scheme_page_head() { return kHead; }
std::string_view scheme_page_guide() { return kGuide; }

}  // namespace sluice::native
