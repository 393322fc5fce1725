// Which server the tests drive: `SLUICE_RUNTIME` is `native` (the default) or `worker`.

import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';

import { root } from '../../examples/relay/server.mjs';

/** @type {'native' | 'worker'} */
export const runtime = process.env.SLUICE_RUNTIME === 'worker' ? 'worker' : 'native';

/** Where a test's data and logs stay for whoever looks into a failure. @param {string} name */
export const directory = (name) => join(root, 'build/e2e', runtime, name);

/** The headers of a GitHub delivery; the body may be any bytes. */
export function githubHeaders(secret, body, { event = 'push', id = randomUUID() } = {}) {
  const hex = createHmac('sha256', secret).update(body).digest('hex');
  return {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${hex}`,
  };
}

/** A request and its whole answer. */
export async function ask(url, options = {}) {
  const response = await fetch(url, {
    redirect: 'manual', signal: AbortSignal.timeout(20_000), ...options,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/**
 * Bytes over a socket, exactly as given; what came back until the peer closed or fell silent.
 * @param {number} port @param {(string | Buffer)[]} chunks
 */
export function raw(port, chunks, { silentMs = 1500, leave = false } = {}) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const received = [];
    const finish = () => {
      socket.destroy();
      resolve(Buffer.concat(received).toString('latin1'));
    };
    socket.setTimeout(silentMs, finish);
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', finish);
    socket.on('close', finish);
    socket.on('connect', () => {
      for (const chunk of chunks) socket.write(chunk);
      if (leave) setTimeout(finish, 5);
    });
  });
}

/** The text of a raw request. */
export function rawRequest(method, path, headers, body = '') {
  const lines = Object.entries({ host: '127.0.0.1', connection: 'close', ...headers })
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

export const statusOf = (answer) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
