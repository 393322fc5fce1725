/* Verifies one webhook of Stripe: its signature header and its body come from the command line.
 *
 *   verify_stripe SECRET SIGNATURE BODY NOW_MS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "c/sluice_verify.h"

static sluice_borrowed_bytes text(const char* of) {
  sluice_borrowed_bytes bytes = {of, strlen(of)};
  return bytes;
}

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  /* example: begin */
  sluice_owned_verifier* verifier = NULL;
  sluice_borrowed_secret secret = {text(argv[1]), INT64_MIN, INT64_MAX};
  if (sluice_open(text("stripe"), &secret, 1, text(""), &verifier, NULL) != SLUICE_OK) return 2;
  sluice_borrowed_header header = {text("Stripe-Signature"), text(argv[2])};
  sluice_borrowed_request request = {text("POST"), text(""), &header, 1, text(argv[3])};
  sluice_verdict verdict;
  if (sluice_verify(verifier, &request, strtoll(argv[4], NULL, 10), &verdict) != SLUICE_OK)
    return 2;
  const int accepted = verdict.outcome == SLUICE_ACCEPTED;
  printf("%s %.*s\n", accepted ? "accepted" : sluice_reason_name(verdict.reason),
         (int)verdict.text.size, verdict.text.data);
  sluice_verdict_release(&verdict);
  sluice_verifier_free(verifier);
  /* example: end */
  return accepted ? 0 : 1;
}
