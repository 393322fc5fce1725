// Time passes over a stopped store: what is old and finished goes, what is dead stays whole.
//
// Rows are named by their time, so a store is made older by renaming them. Ids inside of rows stay
// as they are: nothing that is deleted by age is looked up by them.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'node:test';

import { Admin } from '../../examples/relay/admin.mjs';
import { setUp, until } from '../../examples/relay/relay.mjs';
import { ask, directory, githubHeaders, runtime } from './lane.mjs';

const kPings = 20;
const kDayMs = 86_400_000n;
const kLarge = 60_000;  // A blob.

function storeOf(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  for (const file of files.filter((name) => /\.(db|sqlite)$/.test(name))) {
    const database = new DatabaseSync(file);
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE name = 'kv'").all();
    if (tables.length > 0 && keys(database, 'in/e/').length > 0) return database;
    database.close();
  }
  throw new Error(`no store with events in ${folder}`);
}

function keys(database, prefix) {
  return database.prepare('SELECT k FROM kv WHERE k >= ? AND k < ? ORDER BY k')
    .all(prefix, `${prefix}~`).map(({ k }) => k);
}

/** Everything that is named by its time was written so many days before. */
function makeOlder(database, days) {
  const rename = database.prepare('UPDATE kv SET k = ? WHERE k = ?');
  for (const prefix of ['in/e/', 'lg/e/events/', 'ob/m/', 'ob/a/']) {
    for (const key of keys(database, prefix)) {
      const seq = BigInt(`0x${key.slice(prefix.length, prefix.length + 16)}`);
      const older = (seq - ((BigInt(days) * kDayMs) << 16n)).toString(16).padStart(16, '0');
      rename.run(`${prefix}${older}${key.slice(prefix.length + 16)}`, key);
    }
  }
  // The next pass is due, and has not looked at any body yet.
  database.exec("DELETE FROM kv WHERE k IN ('m/sweep/next', 'm/sweep/bodies')");
}

/** Events whose row or blob still holds a body. */
function countBodies(database) {
  const isNative = database.prepare("SELECT 1 FROM pragma_table_info('kv') WHERE name = 'cell'")
    .all().length > 0;
  const value = isNative ? 'v' : 'coalesce(v, (SELECT big.v FROM big WHERE big.id = kv.ref))';
  const sizes = database.prepare(`SELECT length(${value}) AS n FROM kv WHERE k LIKE 'in/e/%'`);
  return sizes.all().filter(({ n }) => n > 800).length
    + new Set(keys(database, 'bl/').map((key) => key.split('/')[1])).size;
}

test('what is old and finished goes, what is dead stays whole', async () => {
  const relay = await setUp({
    runtime,
    directory: directory('retention'),
    api: { count: 0 },
    receiver: { answers: () => 200 },
    change: (manifest) => {
      manifest.steps = {};
      manifest.links = {};
      manifest.endpoints.crm.url = 'http://127.0.0.1:9/';  // Nobody is there.
      manifest.endpoints.crm.schedule_ms = [0, 100];
    },
  });
  const inStore = (work) => {
    const database = storeOf(join(relay.server.options.directory, 'data'));
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  const counts = () => inStore((database) => ({
    events: keys(database, 'in/e/').length,
    entries: keys(database, 'lg/e/events/').length,
    bodies: countBodies(database),
  }));
  const send = async (event, size, number) => {
    const body = JSON.stringify({ number, repository: { id: 1 }, text: 'x'.repeat(size) });
    const headers = githubHeaders(relay.environment.GITHUB_WEBHOOK_SECRET, body, { event });
    const url = `${relay.server.url}/in/github`;
    assert.equal((await ask(url, { method: 'POST', headers, body })).status, 200);
  };
  /** Older by so many days, the store is served until only what came since is in its log. */
  const age = async (days, eventsMost) => {
    inStore((database) => makeOlder(database, days));
    await relay.server.start();
    await send('ping', 900, -days);
    const admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
    const isOver = async () => (await admin.log('events')).length === 1
      && (await admin.all('events')).length <= eventsMost
      && relay.receiver.journal.records.length === arrived;
    assert.ok(await until(isOver, 30_000, 200), `after ${days} days the log is trimmed`);
    await relay.server.stop();
  };
  let arrived = kPings + 2;
  try {
    await relay.server.start();
    const admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
    for (let number = 0; number < kPings; ++number) await send('ping', 900, number);
    await send('ping', kLarge, kPings);
    await send('push', 900, kPings + 1);  // For `audit`, and dead for `crm`.
    const isOver = async () => relay.receiver.journal.records.length === arrived
      && (await admin.all('dead-letters')).length === 1;
    assert.ok(await until(isOver, 20_000, 100), 'all are delivered or dead');
    await relay.server.stop();
    assert.deepEqual(counts(), { events: arrived, entries: arrived, bodies: arrived });

    arrived += 1;
    await age(8, arrived);
    assert.deepEqual(counts(), { events: arrived, entries: 1, bodies: 2 });

    arrived += 1;
    // The dead one, what came since, and the newest of before where the pass came first.
    await age(90, 3);
    const { entries, bodies } = counts();
    assert.deepEqual({ entries, bodies }, { entries: 1, bodies: 2 });
  } finally {
    await relay.tearDown();
  }
});
