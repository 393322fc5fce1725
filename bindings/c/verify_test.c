/* The C interface, used from C: every call, its errors, and that all of it is freed (the sanitizer
 * lanes run this too). Prints what failed and the sum of both. */
#include <stdio.h>
#include <string.h>

#include "c/sluice_verify.h"

#define NOW_MS 1531420618000
#define SECRET "whsec_test_secret"

static int passed = 0;
static int failed = 0;

static void check(const char* claim, int holds) {
  if (holds) {
    ++passed;
  } else {
    ++failed;
    printf("FAILED: %s\n", claim);
  }
}

static sluice_borrowed_bytes text(const char* of) {
  sluice_borrowed_bytes bytes = {NULL, 0};
  bytes.data = of;
  bytes.size = strlen(of);
  return bytes;
}

static int is(sluice_borrowed_bytes bytes, const char* expected) {
  return bytes.size == strlen(expected) && memcmp(bytes.data, expected, bytes.size) == 0;
}

static int holds(sluice_borrowed_bytes bytes, const char* part) {
  const size_t size = strlen(part);
  for (size_t at = 0; at + size <= bytes.size; ++at) {
    if (memcmp(bytes.data + at, part, size) == 0) return 1;
  }
  return 0;
}

static sluice_borrowed_secret always(const char* value) {
  sluice_borrowed_secret secret = {text(value), INT64_MIN, INT64_MAX};
  return secret;
}

static sluice_borrowed_request request_of(const sluice_borrowed_header* headers, size_t count,
                                          const char* body) {
  sluice_borrowed_request request = {text("POST"), text("https://hooks.example/in"), NULL, 0,
                                     text(body)};
  request.headers = headers;
  request.header_count = count;
  return request;
}

/* A verifier that has to open. */
static sluice_owned_verifier* opened(const char* scheme, const char* value) {
  sluice_owned_verifier* verifier = NULL;
  sluice_borrowed_secret secret = always(value);
  check("a scheme that is known opens",
        sluice_open(text(scheme), &secret, 1, text(""), &verifier, NULL) == SLUICE_OK);
  return verifier;
}

static void signs_and_verifies(void) {
  sluice_owned_verifier* verifier = opened("stripe", SECRET);
  sluice_borrowed_request plain = request_of(NULL, 0, "{\"id\":\"evt_1\"}");
  sluice_owned_signed* done = NULL;
  check("a request is signed",
        sluice_sign(verifier, &plain, text(""), NOW_MS, &done, NULL) == SLUICE_OK);
  check("one header is added", sluice_signed_header_count(done) == 1);
  check("a header behind the last is empty", sluice_signed_header(done, 1).name.data == NULL);
  check("the URL stays", sluice_signed_url(done).data == NULL);
  check("the body stays", sluice_signed_body(done).data == NULL);

  sluice_borrowed_header headers[2];
  headers[0] = sluice_signed_header(done, 0);
  check("its name is in lower case", is(headers[0].name, "stripe-signature"));
  headers[0].name = text("Stripe-Signature");
  headers[1] = headers[0];
  sluice_borrowed_request request = request_of(headers, 1, "{\"id\":\"evt_1\"}");
  sluice_verdict verdict;
  check("verifying is no error",
        sluice_verify(verifier, &request, NOW_MS + 1000, &verdict) == SLUICE_OK);
  check("what was signed is accepted", verdict.outcome == SLUICE_ACCEPTED);
  check("it is named by its id", is(verdict.text, "evt_1"));
  check("the first secret matched", verdict.secret == 0 && verdict.identity_signed == 1);
  check("its time is told", verdict.has_signed_at == 1 && verdict.signed_at_ms == NOW_MS);
  sluice_verdict_release(&verdict);
  check("released, it holds nothing", verdict.owned == NULL && verdict.text.data == NULL);
  sluice_verdict_release(&verdict);

  request.body = text("{\"id\":\"evt_2\"}");
  (void)sluice_verify(verifier, &request, NOW_MS, &verdict);
  check("another body is refused",
        verdict.outcome == SLUICE_REFUSED && verdict.reason == SLUICE_SIGNATURE_MISMATCH);
  check("the reason has a name",
        strcmp(sluice_reason_name(verdict.reason), "signature_mismatch") == 0);
  check("the detail is for people", verdict.text.size > 0);
  sluice_verdict_release(&verdict);

  request = request_of(headers, 2, "{\"id\":\"evt_1\"}");
  (void)sluice_verify(verifier, &request, NOW_MS, &verdict);
  check("a signature that arrived twice is refused", verdict.reason == SLUICE_HEADER_DUPLICATE);
  sluice_verdict_release(&verdict);

  request = request_of(headers, 1, "{\"id\":\"evt_1\"}");
  (void)sluice_verify(verifier, &request, NOW_MS + 301000, &verdict);
  check("an old one is refused", verdict.reason == SLUICE_TIMESTAMP_TOO_OLD);
  sluice_verdict_release(&verdict);
  sluice_signed_free(done);
  sluice_verifier_free(verifier);
}

static void tells_what_is_wrong(void) {
  sluice_owned_verifier* verifier = NULL;
  sluice_owned_text* fault = NULL;
  sluice_borrowed_secret secret = always(SECRET);
  check("an unknown scheme is refused",
        sluice_open(text("strpe"), &secret, 1, text(""), &verifier, &fault) == SLUICE_BAD_CONFIG);
  check("no verifier is made", verifier == NULL);
  check("the nearest one is suggested", holds(sluice_text_view(fault), "\"stripe\""));
  sluice_text_free(fault);

  check("a definition is checked",
        sluice_open(text("{\"like\":\"stripe\",\"time\":{\"format\":\"sec\"}}"), &secret, 1,
                    text(""), &verifier, &fault) == SLUICE_BAD_CONFIG);
  check("the place is told", holds(sluice_text_view(fault), "/scheme/time/format"));
  sluice_text_free(fault);

  check("no secret is refused",
        sluice_open(text("stripe"), NULL, 0, text(""), &verifier, NULL) == SLUICE_BAD_CONFIG);
  check("more secrets than the limit are refused",
        sluice_open(text("stripe"), &secret, 65, text(""), &verifier, NULL) == SLUICE_TOO_BIG);

  verifier = opened("standard", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  sluice_borrowed_request request = request_of(NULL, 0, "{}");
  sluice_owned_signed* done = NULL;
  check("a scheme that signs an id needs one",
        sluice_sign(verifier, &request, text(""), NOW_MS, &done, &fault) == SLUICE_BAD_REQUEST);
  check("nothing is signed then", done == NULL && sluice_text_view(fault).size > 0);
  sluice_text_free(fault);
  sluice_verdict verdict;
  request.body.size = SLUICE_BODY_MAX + 1u; /* Nobody reads it. */
  check("a body over the limit is an error",
        sluice_verify(verifier, &request, NOW_MS, &verdict) == SLUICE_TOO_BIG);
  sluice_verdict_release(&verdict);
  check(
      "a scheme without published keys takes no document",
      sluice_put(verifier, text("https://a.example/k"), text("{}"), NOW_MS) == SLUICE_BAD_REQUEST);
  sluice_verifier_free(verifier);
  sluice_verifier_free(NULL);
  sluice_text_free(NULL);
  sluice_signed_free(NULL);
}

/* Nobody reads it: its size is enough. */
static sluice_borrowed_bytes oversized(void) {
  sluice_borrowed_bytes bytes = {"", SLUICE_DOCUMENT_MAX + 1u};
  return bytes;
}

/* The public key of RFC 7515, A.2. */
static const char* kKeySet =
    "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k1\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\""
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt"
    "0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSX"
    "ndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5"
    "IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}]}";

static void wants_published_keys(void) {
  static const char* kDefinition =
      "{\"family\":\"jwt\",\"algorithm\":\"rsa-pkcs1-sha256\","
      "\"signature\":{\"from\":\"header:authorization\",\"prefix\":\"Bearer \"},"
      "\"key\":{\"form\":\"public-key\"},\"jwt\":{\"algorithms\":[\"RS256\"]},"
      "\"time\":{\"from\":\"claim:iat\"},"
      "\"body_digest\":{\"from\":\"claim:sha256\",\"encoding\":\"hex\"},"
      "\"fetched\":{\"url\":\"https://keys.example/jwks.json\"}}";
  sluice_owned_verifier* verifier = NULL;
  sluice_owned_text* fault = NULL;
  const sluice_status status = sluice_open(text(kDefinition), NULL, 0, text(""), &verifier, &fault);
  check("published keys stand in for secrets", status == SLUICE_OK);
  if (status != SLUICE_OK) {
    const sluice_borrowed_bytes why = sluice_text_view(fault);
    printf("  %.*s\n", (int)why.size, why.data);
    sluice_text_free(fault);
    return;
  }
  /* {"alg":"RS256","kid":"k1"} . {"iat":1531420618} . a signature of some bytes */
  sluice_borrowed_header header = {
      text("authorization"),
      text("Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpYXQiOjE1MzE0MjA2MTh9.AAAA")};
  sluice_borrowed_request request = request_of(&header, 1, "{}");
  sluice_verdict verdict;
  (void)sluice_verify(verifier, &request, NOW_MS, &verdict);
  check("a key set is wanted", verdict.outcome == SLUICE_WANTED && verdict.wants_certificate == 0);
  check("its URL is told", is(verdict.text, "https://keys.example/jwks.json"));
  check("a document of another form is refused",
        sluice_put(verifier, verdict.text, text("<html>"), NOW_MS) == SLUICE_BAD_REQUEST);
  check("a document from elsewhere is refused",
        sluice_put(verifier, text("https://evil.example/jwks.json"), text("{\"keys\":[]}"),
                   NOW_MS) == SLUICE_BAD_REQUEST);
  const sluice_borrowed_bytes url = text("https://keys.example/jwks.json");
  sluice_verdict_release(&verdict);

  check("a key set is taken",
        sluice_put(verifier, url, text(kKeySet), NOW_MS - 600001) == SLUICE_OK);
  (void)sluice_verify(verifier, &request, NOW_MS, &verdict);
  check("it is believed for ten minutes only", verdict.outcome == SLUICE_WANTED);
  sluice_verdict_release(&verdict);
  (void)sluice_put(verifier, url, text(kKeySet), NOW_MS - 600000);
  (void)sluice_verify(verifier, &request, NOW_MS, &verdict);
  check("until then the signature decides",
        verdict.outcome == SLUICE_REFUSED && verdict.reason == SLUICE_SIGNATURE_MISMATCH);
  sluice_verdict_release(&verdict);
  check("a document over the limit is an error",
        sluice_put(verifier, url, oversized(), NOW_MS) == SLUICE_TOO_BIG);
  sluice_verifier_free(verifier);
}

/* Asks a verifier of `scheme`, which has the verify token "T". */
static void ask(const char* scheme, const sluice_borrowed_request* request, int is_signed,
                sluice_handshake_answer* answer) {
  sluice_owned_verifier* verifier = NULL;
  sluice_owned_signed* done = NULL;
  sluice_borrowed_secret secret = always(SECRET);
  check("a scheme with a handshake opens",
        sluice_open(text(scheme), &secret, 1, text("T"), &verifier, NULL) == SLUICE_OK);
  sluice_borrowed_request asked = *request;
  sluice_borrowed_header headers[4];
  if (is_signed) {
    check("a handshake is signed",
          sluice_sign(verifier, request, text(""), NOW_MS, &done, NULL) == SLUICE_OK);
    asked.header_count = sluice_signed_header_count(done);
    for (size_t i = 0; i < asked.header_count && i < 4; ++i) {
      headers[i] = sluice_signed_header(done, i);
    }
    asked.headers = headers;
  }
  check("a handshake is looked at",
        sluice_handshake(verifier, &asked, NOW_MS, answer) == SLUICE_OK);
  sluice_signed_free(done);
  sluice_verifier_free(verifier);
}

static void answers_handshakes(void) {
  const char* meta = "{\"like\":\"github\",\"name\":\"meta\",\"handshake\":\"meta\"}";
  sluice_borrowed_request request = request_of(NULL, 0, "");
  sluice_handshake_answer answer;
  request.method = text("GET");
  request.url = text(
      "https://hooks.example/in?hub.mode=subscribe&hub.verify_token=T&hub.challenge=17");
  ask(meta, &request, 0, &answer);
  check("a challenge is answered",
        answer.kind == SLUICE_HANDSHAKE_REPLY && answer.status == 200 && is(answer.body, "17"));
  check("with its headers", answer.header_count > 0 && answer.headers[0].name.size > 0);
  sluice_handshake_release(&answer);
  check("an answer that is released is empty", answer.owned == NULL && answer.headers == NULL);

  request.url = text(
      "https://hooks.example/in?hub.mode=subscribe&hub.verify_token=U&hub.challenge=17");
  ask(meta, &request, 0, &answer);
  check("to nobody who does not know the token",
        answer.kind == SLUICE_HANDSHAKE_REFUSED && answer.status == 0 && answer.text.size > 0);
  sluice_handshake_release(&answer);

  const char* slack = "{\"like\":\"slack\",\"handshake\":\"slack\"}";
  request = request_of(NULL, 0, "{\"type\":\"url_verification\",\"challenge\":\"3eZb\"}");
  ask(slack, &request, 1, &answer);
  check("one that is signed is answered",
        answer.kind == SLUICE_HANDSHAKE_REPLY && holds(answer.body, "3eZb"));
  sluice_handshake_release(&answer);
  ask(slack, &request, 0, &answer);
  check("and verified first", answer.kind == SLUICE_HANDSHAKE_REFUSED &&
                                  answer.reason == SLUICE_HEADER_MISSING);
  sluice_handshake_release(&answer);

  const char* sns = "{\"like\":\"github\",\"name\":\"sns\",\"handshake\":\"aws-sns\"}";
  request = request_of(NULL, 0,
                       "{\"Type\":\"SubscriptionConfirmation\",\"TopicArn\":\"arn:1\",\"SubscribeURL\":"
                       "\"https://sns.us-west-2.amazonaws.com/?Token=2\"}");
  ask(sns, &request, 1, &answer);
  check("a subscription is confirmed by a URL",
        answer.kind == SLUICE_HANDSHAKE_FETCH && answer.status == 200 &&
            is(answer.text, "https://sns.us-west-2.amazonaws.com/?Token=2"));
  sluice_handshake_release(&answer);

  request = request_of(NULL, 0, "{\"id\":\"evt_1\"}");
  ask(sns, &request, 1, &answer);
  check("an event is no handshake", answer.kind == SLUICE_NO_HANDSHAKE && answer.owned == NULL);
  sluice_handshake_release(&answer);

  sluice_owned_verifier* verifier = opened("stripe", SECRET);
  request.body = oversized();
  request.body.size = SLUICE_BODY_MAX + 1;
  check("a body over the limit is an error",
        sluice_handshake(verifier, &request, NOW_MS, &answer) == SLUICE_TOO_BIG);
  sluice_verifier_free(verifier);
}

static void lists_presets(void) {
  size_t count = 0;
  int has_stripe = 0;
  for (; sluice_preset_name(count).data != NULL; ++count) {
    has_stripe += is(sluice_preset_name(count), "stripe");
  }
  check("the presets are listed", count > 5 && has_stripe == 1);
  check("what is no reason has no name", strcmp(sluice_reason_name(SLUICE_REASON_NONE), "") == 0);
}

int main(void) {
  signs_and_verifies();
  tells_what_is_wrong();
  wants_published_keys();
  answers_handshakes();
  lists_presets();
  printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
