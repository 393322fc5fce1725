/* Verifies and signs webhooks of any provider, and answers their handshakes, from C.
 *
 *   sluice_owned_verifier *verifier = NULL;
 *   sluice_owned_text *fault = NULL;
 *   if (sluice_open(scheme, secrets, 1, no_token, &verifier, &fault) != SLUICE_OK) ...
 *   sluice_verdict verdict;
 *   sluice_verify(verifier, &request, now_ms, &verdict);
 *   if (verdict.outcome == SLUICE_ACCEPTED) ...
 *   sluice_verdict_release(&verdict);
 *   sluice_verifier_free(verifier);
 *
 * Ownership is in the names. A `sluice_owned_*` pointer is the caller's to free, by the function
 * named in its comment, once; NULL may be freed. A `sluice_borrowed_*` points to bytes of somebody
 * else: the caller's, for the length of a call, or those of the result that holds it, until that is
 * released. Nothing is zero-terminated, and bytes may hold zeros.
 *
 * Threads: a verifier may be used by one thread at a time; different ones are independent. There is
 * no global state, nothing to initialise, no clock, no I/O, and no exception leaves a function.
 * Pointers must not be NULL unless that is said. Out of memory ends the process.
 */
#ifndef SLUICE_VERIFY_H_
#define SLUICE_VERIFY_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of somebody else. `data` may be NULL where `size` is 0. */
typedef struct sluice_borrowed_bytes {
  const char* data;
  size_t size;
} sluice_borrowed_bytes;

/* One header. Names of requests may be in any case; those handed out are in lower case. */
typedef struct sluice_borrowed_header {
  sluice_borrowed_bytes name;
  sluice_borrowed_bytes value;
} sluice_borrowed_header;

/* A text to show. Freed by sluice_text_free. */
typedef struct sluice_owned_text sluice_owned_text;

/* A scheme with its keys. Freed by sluice_verifier_free. */
typedef struct sluice_owned_verifier sluice_owned_verifier;

/* A signed request. Freed by sluice_signed_free. */
typedef struct sluice_owned_signed sluice_owned_signed;

/* What a handshake is answered with. Freed by sluice_handshake_release, with what holds it. */
typedef struct sluice_owned_answer sluice_owned_answer;

typedef enum sluice_status {
  SLUICE_OK = 0,
  SLUICE_BAD_CONFIG = 1,  /* The scheme or a secret cannot be used; the text says why. */
  SLUICE_BAD_REQUEST = 2, /* The scheme cannot carry or sign this. */
  SLUICE_TOO_BIG = 3      /* A limit that is stated here was passed. */
} sluice_status;

/* Limits of one call. */
#define SLUICE_SECRETS_MAX 64u
#define SLUICE_HEADERS_MAX 1024u
#define SLUICE_BODY_MAX (32u * 1024u * 1024u)
#define SLUICE_DOCUMENT_MAX (64u * 1024u)

/* A secret, a public key, or a private key (which signs), as the provider's page shows it. The
 * times are in milliseconds since 1970, inclusive; INT64_MIN and INT64_MAX stand for "always". */
typedef struct sluice_borrowed_secret {
  sluice_borrowed_bytes value;
  int64_t not_before_ms;
  int64_t not_after_ms;
} sluice_borrowed_secret;

/* A request as it arrived: every header, repeated ones as often as they came, and the raw body.
 * `url` is whole, as the provider knows it; few schemes look at it. */
typedef struct sluice_borrowed_request {
  sluice_borrowed_bytes method;
  sluice_borrowed_bytes url;
  const sluice_borrowed_header* headers;
  size_t header_count;
  sluice_borrowed_bytes body;
} sluice_borrowed_request;

typedef enum sluice_outcome {
  SLUICE_ACCEPTED = 0,
  SLUICE_REFUSED = 1,
  SLUICE_WANTED = 2 /* No verdict yet: fetch `text`, hand it to sluice_put, and verify again. */
} sluice_outcome;

/* Numbers of reasons are never changed. */
typedef enum sluice_reason {
  SLUICE_REASON_NONE = 0,
  SLUICE_NO_SECRET = 1,
  SLUICE_HEADER_MISSING = 2,
  SLUICE_HEADER_DUPLICATE = 3,
  SLUICE_HEADER_MALFORMED = 4,
  SLUICE_TIMESTAMP_MALFORMED = 5,
  SLUICE_TIMESTAMP_TOO_OLD = 6,
  SLUICE_TIMESTAMP_TOO_NEW = 7,
  SLUICE_SIGNATURE_MALFORMED = 8,
  SLUICE_SIGNATURE_MISMATCH = 9,
  SLUICE_KEY_EXPIRED = 10,
  SLUICE_KEY_UNKNOWN = 12,
  SLUICE_KEY_UNAVAILABLE = 13
} sluice_reason;

/* What became of a request. Filled by sluice_verify, released by sluice_verdict_release. */
typedef struct sluice_verdict {
  sluice_outcome outcome;
  sluice_reason reason; /* Of a refusal. */
  /* ACCEPTED: names the delivery; repeats have the same. REFUSED: for your log, no bytes of the
   * request. WANTED: an https URL. */
  sluice_borrowed_bytes text;
  size_t secret;            /* ACCEPTED: which secret matched. */
  int identity_signed;      /* ACCEPTED: 0 where a sender can choose another identity. */
  int has_signed_at;        /* ACCEPTED: whether the scheme has a time. */
  int64_t signed_at_ms;     /* In milliseconds since 1970. */
  int wants_certificate;    /* WANTED: 1 for a certificate, 0 for a key set. */
  sluice_owned_text* owned; /* What `text` points into. */
} sluice_verdict;

/* Prepares a scheme with its secrets. `scheme` is the name of a preset ("stripe"), or a definition:
 * the JSON object that a manifest has as "scheme". `verify_token` may be empty.
 *
 * OK: `*verifier_out` is the caller's. BAD_CONFIG, TOO_BIG: it is NULL, and `*fault_out` is the
 * caller's: a line for each fault, with its place. `fault_out` may be NULL. */
sluice_status sluice_open(sluice_borrowed_bytes scheme, const sluice_borrowed_secret* secrets,
                          size_t secret_count, sluice_borrowed_bytes verify_token,
                          sluice_owned_verifier** verifier_out, sluice_owned_text** fault_out);

/* Frees it, and overwrites the secrets. */
void sluice_verifier_free(sluice_owned_verifier* verifier);

/* Whether the request is from whom it says, and fresh, at `now_ms` since 1970. `*verdict_out` is
 * filled when OK is returned, and is released by the caller. TOO_BIG: more headers or body than the
 * limits. What a sender does is never an error, but a verdict. */
sluice_status sluice_verify(const sluice_owned_verifier* verifier,
                            const sluice_borrowed_request* request, int64_t now_ms,
                            sluice_verdict* verdict_out);

/* Frees what the verdict holds; its `text` ends with it. */
void sluice_verdict_release(sluice_verdict* verdict);

/* Hands over a document that a verdict wanted. A key set is believed for 10 minutes, a certificate
 * for a day. BAD_REQUEST: it is malformed, or from a URL that the scheme takes nothing from; what
 * was there before stays. */
sluice_status sluice_put(sluice_owned_verifier* verifier, sluice_borrowed_bytes url,
                         sluice_borrowed_bytes document, int64_t fetched_at_ms);

typedef enum sluice_handshake_kind {
  SLUICE_NO_HANDSHAKE = 0,     /* An event, or nothing: sluice_verify says which. */
  SLUICE_HANDSHAKE_REPLY = 1,  /* Answer it so. */
  SLUICE_HANDSHAKE_FETCH = 2,  /* Get `text` first, and answer so when that is answered with 2xx. */
  SLUICE_HANDSHAKE_REFUSED = 3 /* It is not the provider's. Answer as you answer any refusal. */
} sluice_handshake_kind;

/* What a request that asks whether this address takes webhooks is answered with. Filled by
 * sluice_handshake, released by sluice_handshake_release. */
typedef struct sluice_handshake_answer {
  sluice_handshake_kind kind;
  sluice_reason reason; /* REFUSED. */
  /* FETCH: an https URL, whose host is the provider's. REFUSED: for your log, no bytes of the
   * request. */
  sluice_borrowed_bytes text;
  unsigned status; /* REPLY and FETCH: of the response, and what follows. */
  const sluice_borrowed_header* headers;
  size_t header_count;
  sluice_borrowed_bytes body;
  sluice_owned_answer* owned; /* What all of these point into. */
} sluice_handshake_answer;

/* Whether the request is a handshake of the scheme, and what answers it. To be asked before
 * sluice_verify, with every method: some come by GET or OPTIONS. One that the provider signs is
 * verified first. Some echo what a person has told the provider: sluice_open takes it as
 * `verify_token`, and without it these are refused. `*answer_out` is filled when OK is returned,
 * and is released by the caller. TOO_BIG: more headers or body than the limits. */
sluice_status sluice_handshake(const sluice_owned_verifier* verifier,
                               const sluice_borrowed_request* request, int64_t now_ms,
                               sluice_handshake_answer* answer_out);

/* Frees what the answer holds; what it points to ends with it. */
void sluice_handshake_release(sluice_handshake_answer* answer);

/* Signs a request as the provider would. `id` names the delivery, the same at every attempt; it may
 * be empty where the scheme signs none. `headers` of the request are those that are to be signed.
 *
 * OK: `*signed_out` is the caller's. Otherwise it is NULL, and `*fault_out` says why; `fault_out`
 * may be NULL. */
sluice_status sluice_sign(const sluice_owned_verifier* verifier,
                          const sluice_borrowed_request* request, sluice_borrowed_bytes id,
                          int64_t now_ms, sluice_owned_signed** signed_out,
                          sluice_owned_text** fault_out);

/* Headers to add: signature, time, identity. They live as long as `signed_request`. */
size_t sluice_signed_header_count(const sluice_owned_signed* signed_request);
/* `index` is below the count. */
sluice_borrowed_header sluice_signed_header(const sluice_owned_signed* signed_request,
                                            size_t index);
/* The URL and the body instead of the request's, where the scheme puts something there; otherwise
 * `data` is NULL. */
sluice_borrowed_bytes sluice_signed_url(const sluice_owned_signed* signed_request);
sluice_borrowed_bytes sluice_signed_body(const sluice_owned_signed* signed_request);
void sluice_signed_free(sluice_owned_signed* signed_request);

sluice_borrowed_bytes sluice_text_view(const sluice_owned_text* text);
void sluice_text_free(sluice_owned_text* text);

/* "signature_mismatch". A literal, zero-terminated; "" for a number that is no reason. */
const char* sluice_reason_name(sluice_reason reason);

/* The presets by number, in order; a `data` of NULL behind the last. Literals. */
sluice_borrowed_bytes sluice_preset_name(size_t index);

#ifdef __cplusplus
}
#endif

#endif /* SLUICE_VERIFY_H_ */
