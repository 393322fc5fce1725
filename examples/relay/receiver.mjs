// The applications behind the relay: one HTTP server, one path for each endpoint.
//
// Every delivery is verified with the npm package `standardwebhooks`, an implementation that
// shares no code with Sluice, and written to the journal before it is answered. A scripted part of
// the messages is refused on the first attempt: every 8th with 500, every 16th with 429 and
// `Retry-After: 1`.

import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

import { sha256 } from './journal.mjs';

/** The whole body of a request, as bytes. */
export async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The status for the n-th new message, counted from 0, on its first attempt. */
export function script(n) {
  if (n % 16 === 7) return 429;
  if (n % 8 === 3) return 500;
  return 200;
}

/** What `standardwebhooks` says of a delivery: `ok`, or why not. */
export function verdict(secret, headers, body) {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return 'ok';
  } catch (error) {
    return error.message;
  }
}

export class Receiver {
  /**
   * @param {object} options
   * @param {import('./journal.mjs').Journal} options.journal
   * @param {Record<string, string>} options.secrets  By path without its slash.
   * @param {(n: number) => number} [options.answers]
   * @param {number} [options.delayMs]  Before each answer: what keeps requests in flight.
   */
  constructor({ journal, secrets, answers = script, delayMs = 0 }) {
    this.journal = journal;
    this.secrets = secrets;
    this.answers = answers;
    this.delayMs = delayMs;
    this.attempts = new Map();  // Of each webhook-id.
    this.server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.server.keepAliveTimeout = 30_000;
  }

  /** @param {number} port */
  async listen(port) {
    await new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => resolve(undefined));
    });
    return this.server.address().port;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request, response) {
    const endpoint = request.url.slice(1);
    const body = await readBody(request);
    const secret = this.secrets[endpoint];
    const id = request.headers['webhook-id'] ?? '';
    const judged = secret ? verdict(secret, request.headers, body) : 'no such endpoint';
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    let status = judged === 'ok' ? 200 : 400;
    if (judged === 'ok') {
      if (attempt === 1) status = this.answers(this.attempts.size);
      this.attempts.set(id, attempt);
    }
    const base = {
      endpoint, id, sha256: sha256(body), bytes: body.length, verdict: judged, attempt,
      event: request.headers['x-github-event'] ?? '',
      order: endpoint === 'warehouse' ? orderOf(body) : undefined,
    };
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    this.journal.write({ ...base, answered: status });
    const headers = status === 429 ? { 'retry-after': '1' } : {};
    response.writeHead(status, { 'content-type': 'text/plain', ...headers });
    response.end(status === 200 ? 'thank you\n' : 'not now\n');
  }
}

function orderOf(body) {
  try {
    return JSON.parse(body.toString()).id;
  } catch {
    return undefined;
  }
}
