// The providers' libraries against the running Worker: they send to it, and verify what it sends.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after, before } from 'node:test';

import { setUp, until } from '../../examples/relay/relay.mjs';
import { root } from '../../examples/relay/server.mjs';
import { ask } from '../e2e/lane.mjs';
import { Sink } from '../e2e/sink.mjs';
import { officials } from './official.mjs';

/** @type {Awaited<ReturnType<typeof setUp>>} */
let relay;
/** @type {Sink} */
let sink;

const variable = (scheme, way) => `${way}_${scheme}_SECRET`.toUpperCase();

before(async () => {
  sink = await new Sink().listen();
  const secrets = {};
  for (const { scheme, secret } of officials) {
    secrets[variable(scheme, 'in')] = secret();
    secrets[variable(scheme, 'out')] = secret();
  }
  relay = await setUp({
    runtime: 'worker',
    directory: `${root}/build/e2e/worker/interop`,
    api: { count: 0 },
    change: (manifest) => {
      Object.assign(manifest, { sources: {}, endpoints: {}, routes: [], steps: {}, links: {} });
      for (const { scheme } of officials) {
        manifest.sources[scheme] = { scheme, secrets: [`env:${variable(scheme, 'in')}`] };
        manifest.endpoints[scheme] = {
          url: `http://127.0.0.1:${sink.port}/${scheme}`,
          signing: { scheme, secrets: [`env:${variable(scheme, 'out')}`] },
        };
        manifest.routes.push({ from: scheme, to: [scheme] });
      }
    },
  });
  Object.assign(relay.environment, secrets);
  await relay.server.start();
}, { timeout: 90_000 });

after(async () => {
  await relay?.tearDown();
  await sink?.close();
});

for (const library of officials) {
  const { scheme, title } = library;

  test(`${title} signs, the Worker accepts, signs anew, and ${title} accepts`, async () => {
    const secret = relay.environment[variable(scheme, 'in')];
    const body = JSON.stringify({ id: `evt_${randomUUID()}`, object: 'event', name: 'Zo\u00eb' });
    const headers = await library.sign(secret, body, new Date());
    const url = `${relay.server.url}/in/${scheme}`;
    assert.equal((await ask(url, { method: 'POST', headers, body })).status, 200);

    assert.ok(await until(() => sink.at(`/${scheme}`).length > 0, 15_000, 20), 'it is delivered');
    const [delivered] = sink.at(`/${scheme}`);
    assert.equal(delivered.body.toString(), body);
    const ours = relay.environment[variable(scheme, 'out')];
    assert.equal(await library.verify(ours, body, delivered.headers), true);
    assert.equal(await library.verify(secret, body, delivered.headers), false);
  });

  test(`the Worker refuses what ${title} signed for others`, async () => {
    const body = JSON.stringify({ id: 'evt_forged' });
    const headers = await library.sign(library.secret(), body, new Date());
    const url = `${relay.server.url}/in/${scheme}`;
    assert.equal((await ask(url, { method: 'POST', headers, body })).status, 401);
  });
}
