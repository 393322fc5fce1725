// Receivers as bad as they come, one behaviour for each path.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:net';

/** Whether a delivery of any bytes is signed by `secret`, by the letter of Standard Webhooks. */
export function isSigned(secret, headers, body) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key)
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest();
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** What the path says to do with a request that is complete. */
const behaviours = {
  ok: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok'),
  silent: () => {},
  garbage: (socket) => socket.end('\x00\x01\x02 this is no HTTP \xff\r\n\r\n'),
  early: (socket) => socket.destroy(),
  half: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly this'),
  endless: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const more = () => {
      while (!socket.destroyed && socket.write('x'.repeat(16384))) { /* Until it is full. */ }
    };
    socket.on('drain', more);
    more();
  },
  drip: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const timer = setInterval(() => socket.write('.'), 50);
    socket.on('close', () => clearInterval(timer));
  },
  redirect: (socket, sink) => socket.end(
    `HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:${sink.port}/trap\r\n` +
    'content-length: 0\r\nconnection: close\r\n\r\n'),
  gone: (socket) => socket.end(
    'HTTP/1.1 410 Gone\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
};

export class Sink {
  constructor() {
    /** @type {{path: string, headers: Record<string, string>, body: Buffer}[]} */
    this.requests = [];
    this.sockets = new Set();
    this.port = 0;
    this.server = createServer((socket) => this.#serve(socket));
  }

  async listen() {
    await new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => resolve(undefined));
    });
    this.port = this.server.address().port;
    return this;
  }

  close() {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }

  at(path) {
    return this.requests.filter((request) => request.path === path);
  }

  #serve(socket) {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    let received = Buffer.alloc(0);
    let done = false;
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const request = done ? undefined : parse(received);
      if (!request) return;
      done = true;
      this.requests.push(request);
      (behaviours[request.path.slice(1)] ?? behaviours.ok)(socket, this);
    });
  }
}

function parse(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  let body = bytes.subarray(end + 4);
  if (headers['transfer-encoding'] === 'chunked') {
    body = unchunk(body);
    if (body === undefined) return undefined;
  } else if (body.length < Number(headers['content-length'] ?? 0)) {
    return undefined;
  }
  return { path: first.split(' ')[1], headers, body: Buffer.from(body) };
}

function unchunk(bytes) {
  const parts = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = parseInt(bytes.subarray(at, end).toString('latin1'), 16);
    if (bytes.length < end + 2 + size + 2) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
