// Receivers and APIs that misbehave: the message waits, dies with its reason, or the cursor holds.

import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';

import { Admin } from '../../examples/relay/admin.mjs';
import { pause, setUp, until } from '../../examples/relay/relay.mjs';
import { ask, directory, githubHeaders, runtime } from './lane.mjs';
import { Sink } from './sink.mjs';

/** @type {Awaited<ReturnType<typeof setUp>>} */
let relay;
/** @type {Sink} */
let sink;
/** @type {Admin} */
let admin;
let cron;

// What becomes of a message after two attempts. An answer that begins well and goes on for ever is
// as good as none.
const fates = {
  silent: ['timeout'],
  garbage: ['aborted'],
  early: ['aborted'],
  half: ['aborted'],
  drip: ['timeout'],
  redirect: ['redirect'],
  nobody: ['connect', 'aborted'],
};

before(async () => {
  sink = await new Sink().listen();
  relay = await setUp({
    runtime,
    directory: directory('bad-receivers'),
    api: { count: 10, everyMs: 100 },
    change: (manifest) => {
      manifest.links = {};
      manifest.steps.orders.every_ms = 1000;
      manifest.steps.orders.settle_ms = 100;
      manifest.endpoints = { warehouse: manifest.endpoints.warehouse };
      manifest.routes = [];
      for (const name of [...Object.keys(fates), 'endless', 'gone', 'ok']) {
        manifest.endpoints[name] = {
          url: name === 'nobody' ? 'http://127.0.0.1:9/' : `http://127.0.0.1:${sink.port}/${name}`,
          signing: { scheme: 'standard', secrets: ['env:AUDIT_SECRET'] },
          timeout_ms: 700,
          schedule_ms: [0, 50],
        };
        manifest.routes.push({ from: 'github', when: { '/for': [name] }, to: [name] });
      }
    },
  });
  relay.api.htmlPage = '<!doctype html><title>Please log in</title>';
  await relay.server.start();
  admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
  cron = setInterval(() => relay.server.tick(), 1000);
}, { timeout: 90_000 });

after(async () => {
  clearInterval(cron);
  await relay?.tearDown();
  await sink?.close();
});

async function webhookFor(name) {
  const body = JSON.stringify({ for: name, nonce: Math.random() });
  const headers = githubHeaders(relay.environment.GITHUB_WEBHOOK_SECRET, body);
  const answer = await ask(`${relay.server.url}/in/github`, { method: 'POST', headers, body });
  assert.equal(answer.status, 200);
}

test('a message to a receiver that misbehaves dies with its reason; others go on', async () => {
  for (const name of Object.keys(fates)) await webhookFor(name);
  await webhookFor('ok');
  assert.ok(await until(() => sink.at('/ok').length === 1, 10_000), 'the good one is served');

  let dead = [];
  const wanted = Object.keys(fates).length;
  const allDead = async () => {
    dead = await admin.all('dead-letters');
    return dead.length >= wanted;
  };
  await until(allDead, 20_000, 200);
  const reasons = Object.fromEntries(dead.map((one) => [one.endpoint, one.last_reason]));
  for (const [name, expected] of Object.entries(fates)) {
    assert.ok(expected.includes(reasons[name]), `${name}: ${reasons[name]}`);
  }
  assert.equal(sink.at('/silent').length, 2, 'two attempts');
});

test('a redirect is not followed, wherever it leads', () => {
  assert.equal(sink.at('/redirect').length, 2);
  assert.equal(sink.at('/trap').length, 0);
});

test('an endless answer costs neither time nor memory without bound', async () => {
  await webhookFor('endless');
  assert.ok(await until(() => sink.at('/endless').length >= 1, 5000));
  await pause(1600);  // Past the deadline of both attempts.
  assert.ok(sink.at('/endless').length <= 2);
  const open = () => [...sink.sockets].filter((socket) => !socket.destroyed).length;
  assert.ok(await until(() => open() === 0, 5000), `${open()} connections are still open`);
});

test('410 turns the endpoint off and keeps its messages', async () => {
  await webhookFor('gone');
  let state;
  const isOff = async () => {
    state = (await admin.all('endpoints')).find((one) => one.name === 'gone');
    return state?.status === 'off';
  };
  assert.ok(await until(isOff, 10_000, 100), JSON.stringify(state));
  await webhookFor('gone');
  await pause(300);
  assert.equal(sink.at('/gone').length, 1, 'nothing is sent to an endpoint that is off');
});

test('an API page that is HTML holds the cursor, and the operator sees why', async () => {
  let step;
  const failed = async () => {
    [step] = await admin.all('steps');
    return JSON.stringify(step).includes('html');
  };
  assert.ok(await until(failed, 20_000, 200), JSON.stringify(step));
  assert.equal(step.reason, 'page_is_html');
  assert.equal(step.synced_to, null, 'the cursor has not moved');

  relay.api.htmlPage = undefined;
  relay.api.failuresLeft = 0;
  await admin.post('steps/orders/run');
  const got = () => new Set(relay.receiver.journal.records
    .filter((one) => one.answered === 200).map((one) => one.order)).size;
  assert.ok(await until(() => got() === 10, 40_000, 200), `${got()} of 10 orders`);
});
