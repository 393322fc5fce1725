// Requests and responses of the Workers platform, and the core's frames of them.

import { EVENT_HTTP } from "../shared/abi.ts";
import { readBody } from "../shared/body.ts";
import type { ReadBody } from "../shared/body.ts";
import { NO_BYTES, byteText } from "../shared/frames.ts";
import { errorName, hostLine } from "../shared/log.ts";
import { readHttpResponse, writeHttpRequest } from "../shared/messages.ts";
import { problem } from "../shared/problem.ts";
import type { Problem } from "../shared/problem.ts";
import type { Supervisor } from "../shared/supervisor.ts";
import { within } from "../shared/within.ts";

/** How long a caller may take to send its body. */
const BODY_TIMEOUT_MS = 30_000;

export async function respond(
  core: Supervisor,
  request: Request,
  bodyMax: number,
): Promise<Response> {
  let body: ReadBody;
  try {
    body = await bodyOf(request, bodyMax);
  } catch {
    return problemResponse(problem.bodyIncomplete);
  }
  if (body.truncated) return problemResponse(problem.bodyTooLarge);

  const { url } = request;  // The platform's own canonical form: scheme, authority, path.
  const path = url.indexOf("/", url.indexOf("://") + 3);
  const frame = writeHttpRequest({
    method: request.method,
    target: byteText(url.slice(path)),
    origin: byteText(url.slice(0, path)),
    headers: [...request.headers].map(([name, value]) => [name, byteText(value)] as const),
    body: body.bytes,
  });
  try {
    const reply = readHttpResponse(await core.event(EVENT_HTTP, frame));
    const isNullBody = reply.status === 204 || reply.status === 304;
    const headers = new Headers();  // Pairs in a list cost the platform several times as much.
    for (const [name, value] of reply.headers) headers.append(name, value);
    return new Response(isNullBody ? null : reply.body, { status: reply.status, headers });
  } catch (error) {
    console.error(JSON.stringify(hostLine("core_failed", { reason: errorName(error) })));
    return problemResponse(problem.unavailable);
  }
}

/**
 * A declared length is the platform's own count of what follows: such a body is read in one piece,
 * at a fraction of the cost. One without is counted while it is read.
 */
async function bodyOf(request: Request, bodyMax: number): Promise<ReadBody> {
  const declared = request.headers.get("content-length");
  if (declared === null || !/^[0-9]{1,15}$/.test(declared)) {
    return readBody(request.body, bodyMax, AbortSignal.timeout(BODY_TIMEOUT_MS));
  }
  if (Number(declared) > bodyMax) return { bytes: NO_BYTES, truncated: true };
  const buffer = await within(BODY_TIMEOUT_MS, "the body is late", request.arrayBuffer());
  const bytes = new Uint8Array(buffer);
  return { bytes, truncated: bytes.length > bodyMax };
}

function problemResponse({ status, headers, body }: Problem): Response {
  return new Response(body, { status, headers });
}
