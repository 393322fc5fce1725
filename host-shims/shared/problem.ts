// What a host answers by itself, as problem documents (RFC 9457) like the core's own.

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function document(status: number, title: string, code: string, detail: string): Problem {
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  };
  if (status === 503) headers["retry-after"] = "5";
  return { status, headers, body: JSON.stringify({ title, status, code, detail }) };
}

export const problem = {
  bodyTooLarge: document(413, "Content Too Large", "body_too_large", "The body is too large."),
  bodyIncomplete: document(
    408,
    "Request Timeout",
    "body_incomplete",
    "The body did not arrive in time.",
  ),
  /** Nothing is promised: what was committed is committed, and a repeat finds it by its key. */
  unavailable: document(
    503,
    "Service Unavailable",
    "unavailable",
    "The request could not be finished.",
  ),
} as const;
