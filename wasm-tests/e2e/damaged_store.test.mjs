// Rows that cannot be read: reported by their key, while the others go on.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'node:test';

import { Admin } from '../../examples/relay/admin.mjs';
import { pause, setUp, until } from '../../examples/relay/relay.mjs';
import { ask, directory, githubHeaders, runtime } from './lane.mjs';

const skip = runtime !== 'native' && 'the binary has a file to damage';

async function start(name, change = () => {}) {
  const relay = await setUp({
    runtime,
    directory: directory(name),
    api: { count: 0 },
    receiver: { answers: () => 200 },
    change: (manifest) => {
      manifest.steps = {};
      manifest.links = {};
      change(manifest);
    },
  });
  await relay.server.start();
  const admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
  const send = async (number) => {
    const body = JSON.stringify({ number });
    const headers = githubHeaders(relay.environment.GITHUB_WEBHOOK_SECRET, body, { event: 'ping' });
    return ask(`${relay.server.url}/in/github`, { method: 'POST', headers, body });
  };
  const inStore = (work) => {
    const database = new DatabaseSync(join(relay.server.options.directory, 'data/sluice.db'));
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return { relay, admin, send, inStore };
}

function rows(database, prefix) {
  return database.prepare("SELECT k, v FROM kv WHERE cell = 'main.0' AND k LIKE ? ORDER BY k")
    .all(`${prefix}%`);
}

function replace(database, key, bytes) {
  const { changes } = database.prepare("UPDATE kv SET v = ? WHERE cell = 'main.0' AND k = ?")
    .run(bytes, key);
  assert.equal(changes, 1);
}

test('a corrupt row and a row of an unknown format are reported by key; others go on', { skip },
  async () => {
    const { relay, admin, send, inStore } = await start('damaged-rows');
    try {
      await admin.post('endpoints/audit/pause');
      for (let number = 0; number < 6; ++number) assert.equal((await send(number)).status, 200);
      assert.equal(await relay.server.stop(), 0);
      const damaged = inStore((database) => {
        const events = rows(database, 'in/e/');
        const messages = rows(database, 'ob/m/');
        assert.deepEqual([events.length, messages.length], [6, 6]);
        replace(database, events[1].k, events[1].v.slice(0, 5));
        replace(database, messages[3].k, Uint8Array.of(99, ...messages[3].v.slice(1)));
        return { event: events[1].k, message: messages[3].k };
      });

      await relay.server.start();
      const event = (await admin.all('events')).find((one) => one.key === damaged.event);
      assert.equal(event?.error, 'corrupt');
      const message = (await admin.all('messages')).find((one) => one.key === damaged.message);
      assert.equal(message?.error, 'unknown_format');

      await admin.post('endpoints/audit/resume');
      assert.equal((await send(6)).status, 200);
      const arrived = () => new Set(relay.receiver.journal.records.map((one) => one.sha256)).size;
      // Of seven, one has no readable event and one no readable message.
      assert.ok(await until(() => arrived() >= 5, 15_000, 50), `${arrived()} arrived`);
      await pause(2500);
      assert.equal(relay.receiver.journal.records.length, 5, 'each arrives once');
      const dead = await admin.all('dead-letters');
      assert.deepEqual(dead.filter((one) => one.last_reason === 'corrupt').length, 1);
    } finally {
      await relay.tearDown();
    }
  });

test('an endpoint that cannot be read keeps its messages; the others are served', { skip },
  async () => {
    const { relay, admin, inStore } = await start('damaged-endpoint', (manifest) => {
      // Nobody is there, so its timer is always about to go off.
      manifest.endpoints.crm.url = 'http://127.0.0.1:9/';
      manifest.endpoints.crm.schedule_ms = [0, ...Array(40).fill(300)];
    });
    const push = async (id) => {
      const body = JSON.stringify({ repository: { id } });
      const headers = githubHeaders(relay.environment.GITHUB_WEBHOOK_SECRET, body);
      return ask(`${relay.server.url}/in/github`, { method: 'POST', headers, body });
    };
    const audited = () => relay.receiver.journal.records.length;
    try {
      for (let id = 0; id < 3; ++id) assert.equal((await push(id)).status, 200);
      assert.ok(await until(() => audited() === 3, 10_000, 20));
      await relay.server.kill();
      inStore((database) => replace(database, 'ob/e/crm', Uint8Array.of(1)));

      await relay.server.start();
      for (let id = 3; id < 6; ++id) assert.equal((await push(id)).status, 200);
      assert.ok(await until(() => audited() >= 6, 10_000, 20), `${audited()}`);
      await pause(1500);
      const log = relay.server.tail(1000);
      assert.equal(log.match(/"corrupt_row","key":"ob\/e\/crm"/g)?.length, 1, 'reported once');
      assert.equal((await admin.all('messages?endpoint=crm')).length, 6, 'none is lost');
      const seen = new Set(relay.receiver.journal.records.map((one) => one.id));
      assert.ok(audited() - seen.size <= 1, 'only what was in flight at the kill comes twice');
    } finally {
      await relay.tearDown();
    }
  });

test('a store that a newer release wrote is left alone', { skip }, async () => {
  const { relay, send, inStore } = await start('newer-store');
  try {
    assert.equal((await send(0)).status, 200);
    assert.equal(await relay.server.stop(), 0);
    inStore((database) => {
      const [schema] = rows(database, 'm/schema');
      replace(database, schema.k, Uint8Array.of(200, ...schema.v.slice(1)));
    });
    await assert.rejects(relay.server.start(3000), /not ready|ended/);
    const answer = await send(1).catch(() => ({ status: 0 }));
    assert.ok([0, 503, 500].includes(answer.status), String(answer.status));
    assert.equal(inStore((database) => rows(database, 'in/e/').length), 1);
  } finally {
    await relay.tearDown();
  }
});
