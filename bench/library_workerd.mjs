// The same verification by the package and by WebCrypto, inside workerd. Its clock stands still
// while a Worker computes, so time is taken outside, around requests that verify as often as they
// are told.

import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { percentile } from './measure.mjs';
import { freePort, startServer } from './servers.mjs';

const kCount = 3000;  // Of one request: much more than the request itself costs.
const kRounds = 15;

const worker = `
import { verify } from './workerd.js';
let prepared;
async function prepare({ secret, signed, text }) {
  const body = new TextEncoder().encode(text);
  const hex = signed.headers['x-hub-signature-256'].slice('sha256='.length);
  return {
    body,
    request: { ...signed, body },
    config: { scheme: 'github', secrets: [secret] },
    signature: Uint8Array.from(hex.match(/../g), (byte) => Number.parseInt(byte, 16)),
    key: await crypto.subtle.importKey('raw', new TextEncoder().encode(secret),
      { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']),
  };
}
export default {
  async fetch(request) {
    const { count, by, input } = await request.json();
    prepared ??= await prepare(input);
    const { body, config, key, signature } = prepared;
    for (let i = 0; i < count; ++i) {
      const good = by === 'sluice' ? verify(prepared.request, config).ok
        : await crypto.subtle.verify('HMAC', key, signature, body);
      if (!good) return new Response('refused', { status: 500 });
    }
    return new Response('done');
  },
};
`;

/** @returns {Promise<{sluice: number, web: number}>} Microseconds of one verification. */
export async function inWorkerd({ root, directory }, input) {
  const built = join(root, 'build/sluice-webhooks');
  const port = await freePort();
  const files = readdirSync(built).filter((name) => /\.(js|wasm)$/.test(name));
  for (const name of files) copyFileSync(join(built, name), join(directory, name));
  writeFileSync(join(directory, 'worker.js'), worker);
  const module = (name) => (
    `(name = "${name}", ${name.endsWith('.js') ? 'esModule' : 'wasm'} = embed "${name}")`);
  writeFileSync(join(directory, 'config.capnp'), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    ${['worker.js', ...files].map(module).join(',\n    ')},
  ],
  compatibilityDate = "2026-10-01",
);
`);
  const server = await startServer({
    command: join(root, 'node_modules/workerd/bin/workerd'),
    args: ['serve', join(directory, 'config.capnp')],
    port,
  });
  const once = async (by, count) => {
    const from = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST', body: JSON.stringify({ count, by, input }),
    });
    if (await response.text() !== 'done') throw new Error(`${by} in workerd: ${response.status}`);
    return performance.now() - from;
  };
  const rounds = { sluice: [], web: [] };
  try {
    for (const by of ['sluice', 'web']) await once(by, kCount);
    for (let i = 0; i < kRounds; ++i) {
      for (const by of ['sluice', 'web']) {
        const empty = await once(by, 0);
        rounds[by].push(((await once(by, kCount) - empty) * 1000) / kCount);
      }
    }
  } finally {
    await server.stop();
  }
  return { sluice: percentile(rounds.sluice, 25), web: percentile(rounds.web, 25) };
}
