// What a host answers by itself, as problem documents (RFC 9457) like the core's own.

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function document(status: number, title: string, code: string, retryAfter?: string): Problem {
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (retryAfter !== undefined) headers["retry-after"] = retryAfter;
  return { status, headers, body: JSON.stringify({ type: "about:blank", title, status, code }) };
}

export const problem = {
  bodyTooLarge: document(413, "The body is larger than this service takes", "body_too_large"),
  bodyIncomplete: document(408, "The body did not arrive in time", "body_incomplete"),
  /** Nothing is promised: what was committed is committed, and a repeat finds it by its key. */
  unavailable: document(503, "The service could not finish this request", "unavailable", "1"),
} as const;
