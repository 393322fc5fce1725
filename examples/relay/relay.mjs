// The parts of the relay, set up in a directory: manifest with real ports, receiver, API, server.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Api } from './api.mjs';
import { Journal } from './journal.mjs';
import { freePort } from './ports.mjs';
import { Receiver } from './receiver.mjs';
import { Sender } from './sender.mjs';
import { Server } from './server.mjs';

/** The ports that sluice.json names; they are used where they are free. */
const defaults = { server: 8790, receiver: 8791, api: 8792 };

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Values for every `env:NAME` of the manifest, new ones each time. */
export function secrets() {
  const text = () => randomBytes(24).toString('base64url');
  const standard = () => `whsec_${randomBytes(32).toString('base64')}`;
  const token = text();
  return {
    GITHUB_WEBHOOK_SECRET: text(),
    STRIPE_WEBHOOK_SECRET: `whsec_${text()}`,
    PARTNER_WEBHOOK_SECRET: standard(),
    CRM_SECRET: standard(),
    AUDIT_SECRET: standard(),
    WAREHOUSE_SECRET: standard(),
    API_TOKEN: `Bearer ${text()}`,
    SLUICE_ADMIN_TOKEN: token,
    PEER_TOKEN: token,
  };
}

/** sluice.json of this folder, with the ports replaced. */
export function relayManifest(ports) {
  let text = readFileSync(new URL('./sluice.json', import.meta.url), 'utf8');
  for (const [name, port] of Object.entries(defaults)) {
    text = text.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:<${name}>`);
  }
  for (const [name, port] of Object.entries(ports)) {
    text = text.replaceAll(`127.0.0.1:<${name}>`, `127.0.0.1:${port}`);
  }
  return JSON.parse(text);
}

/**
 * @param {object} options
 * @param {'worker' | 'native'} options.runtime
 * @param {string} options.directory  Emptied first.
 * @param {boolean} [options.wantDefaults]  Try the ports of sluice.json.
 * @param {(manifest: any) => void} [options.change]  What is different in the manifest.
 * @param {Partial<ConstructorParameters<typeof Receiver>[0]>} [options.receiver]
 * @param {Partial<ConstructorParameters<typeof Api>[0]>} [options.api]
 */
export async function setUp({
  runtime, directory, wantDefaults = false, change, receiver = {}, api = {},
}) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const journal = (name) => new Journal(join(directory, 'journals', `${name}.jsonl`));
  const environment = secrets();
  const wanted = (port) => (wantDefaults ? port : 0);

  const receiving = new Receiver({
    journal: journal('receiver'),
    secrets: {
      crm: environment.CRM_SECRET,
      audit: environment.AUDIT_SECRET,
      warehouse: environment.WAREHOUSE_SECRET,
    },
    ...receiver,
  });
  const serving = new Api({ journal: journal('api'), token: environment.API_TOKEN, ...api });
  const ports = {
    receiver: await receiving.listen(await freePort(wanted(defaults.receiver))),
    api: await serving.listen(await freePort(wanted(defaults.api))),
    server: await freePort(wanted(defaults.server)),
  };
  const manifest = relayManifest(ports);
  change?.(manifest);
  const server = new Server({ runtime, directory, manifest, environment, port: ports.server });
  const sender = new Sender({
    url: server.url, secret: environment.GITHUB_WEBHOOK_SECRET, journal: journal('sender'),
  });
  const tearDown = async () => {
    await server.stop();
    await Promise.all([receiving.close(), serving.close()]);
  };
  return {
    ports, manifest, environment, server, sender, receiver: receiving, api: serving, tearDown,
  };
}

/** Asks `is` every `everyMs` until it says yes; whether it did before `timeoutMs`. */
export async function until(is, timeoutMs, everyMs = 100) {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    if (await is()) return true;
    await pause(everyMs);
  }
  return false;
}
