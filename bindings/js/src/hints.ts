// What is usually the cause of a refusal, for those who set an integration up.

import type { Reason, WebhookRequest } from "./types.ts";

const NO_HINTS: readonly string[] = [];

const HINTS: { readonly [reason in Reason]?: readonly string[] } = {
  header_missing: [
    "Is it the provider's request at all, and does a proxy pass its headers on?",
  ],
  header_duplicate: [
    "A proxy may have added a second one, or joined two with a comma.",
  ],
  timestamp_too_old: [
    "A request that was queued or sent again carries its old time; otherwise compare the clocks.",
  ],
  timestamp_too_new: ["The clock of this machine may be slow."],
  key_expired: ["The secret that made this signature was given a time that is over."],
};

const MISMATCH: readonly string[] = [
  "The secret may be that of another endpoint, or of the provider's test mode.",
  "The body may have been changed on its way here: verify the raw bytes, before anything parses " +
    "them.",
];

export function hintsFor(
  reason: Reason, request: WebhookRequest, body: Uint8Array | string,
): readonly string[] {
  if (reason !== "signature_mismatch") return HINTS[reason] ?? NO_HINTS;
  if (typeof body === "string" && body.includes("\ufffd")) {
    return ["The body was decoded as text and lost bytes: pass the raw bytes.", ...MISMATCH];
  }
  if (request.url !== undefined && !/^https?:/i.test(request.url)) {
    return ["The URL is not whole: schemes that sign it need scheme and host.", ...MISMATCH];
  }
  return MISMATCH;
}
