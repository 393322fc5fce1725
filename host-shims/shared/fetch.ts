// One HTTP request by the platform's `fetch`: whole, capped, under one deadline, no redirects.
//
// The core has made the URL canonical and judged it. Where this platform's parser would read the
// URL differently, what was judged is not what would be fetched: such a request is refused.

import { readResponse } from "./body.ts";
import { byteText } from "./frames.ts";
import {
  FAULT_ABORTED,
  FAULT_BLOCKED,
  FAULT_CONNECT,
  FAULT_DNS,
  FAULT_TIMEOUT,
  FAULT_TLS,
} from "./messages.ts";
import type { HttpFailure, HttpOutcome, HttpStart } from "./messages.ts";

export function isCanonical(url: string): boolean {
  try {
    return new URL(url).href === url;
  } catch {
    return false;
  }
}

export const BLOCKED: HttpFailure = { fault: FAULT_BLOCKED, maybeSeen: false };
/** The platform lets this invocation make no more requests; told apart by being this object. */
export const NOT_MADE: HttpFailure = { fault: FAULT_CONNECT, maybeSeen: false };

export async function fetchOnce(request: HttpStart, signal: AbortSignal): Promise<HttpOutcome> {
  if (!isCanonical(request.url)) return BLOCKED;
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const either = AbortSignal.any([deadline, signal]);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers.map(([name, value]): [string, string] => [name, value]),
      ...(hasBody ? { body: request.body } : {}),
      redirect: "manual",
      signal: either,
    });
    const body = await readResponse(response, request.responseMax, either);
    return {
      status: response.status,
      headers: [...response.headers].map(([name, value]) => [name, byteText(value)] as const),
      body: body.bytes,
      truncated: body.truncated,
    };
  } catch (error) {
    if (deadline.aborted) return { fault: FAULT_TIMEOUT, maybeSeen: true };
    return failureOf(error);
  }
}

/** By the platform's own words, which are not specified: in doubt, the peer may have seen it. */
export function failureOf(error: unknown): HttpFailure {
  const text = error instanceof Error ? error.message : "";
  if (/too many subrequests/i.test(text)) return NOT_MADE;
  if (/\bDNS\b|lookup failed/i.test(text)) return { fault: FAULT_DNS, maybeSeen: false };
  if (/certificate|\bTLS\b|\bSSL\b/i.test(text)) return { fault: FAULT_TLS, maybeSeen: false };
  if (/connection refused|connect\(\)/i.test(text)) {
    return { fault: FAULT_CONNECT, maybeSeen: false };
  }
  return { fault: FAULT_ABORTED, maybeSeen: true };
}
