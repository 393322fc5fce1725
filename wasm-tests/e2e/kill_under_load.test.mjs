// Five kills under load: what was acknowledged is stored.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { Admin } from '../../examples/relay/admin.mjs';
import { setUp, until } from '../../examples/relay/relay.mjs';
import { post } from '../../examples/relay/sender.mjs';
import { directory, githubHeaders, runtime } from './lane.mjs';

const connections = 16;
const kills = 5;
const perRound = runtime === 'native' ? 400 : 60;

test(`acknowledged is a subset of stored after ${kills} kills of ${runtime} under load`,
  { timeout: 150_000 }, async () => {
    const relay = await setUp({
      runtime,
      directory: directory('kill-under-load'),
      api: { count: 0 },
      change: (manifest) => {
        manifest.steps = {};
        manifest.links = {};
      },
    });
    try {
      await relay.server.start();
      const acknowledged = await load(relay);
      await relay.server.start();
      assert.ok(acknowledged.size >= kills * perRound, `${acknowledged.size} acknowledged`);
      const admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
      const stored = new Set((await admin.all('events', 1000)).map((event) => event.id));
      const missing = [...acknowledged].filter((id) => !stored.has(id));
      assert.deepEqual(missing, [], 'acknowledged, and not stored');
    } finally {
      await relay.tearDown();
    }
  });

/** Posts without a pause, and kills the server after every `perRound` answers. */
async function load({ server, environment }) {
  const acknowledged = new Set();
  let over = false;
  const work = Array.from({ length: connections }, async () => {
    while (!over) {
      const body = JSON.stringify({ zen: randomUUID() });
      const headers = githubHeaders(environment.GITHUB_WEBHOOK_SECRET, body, { event: 'ping' });
      const { status, text } = await post(`${server.url}/in/github`, headers, body, 5000);
      if (status === 200) acknowledged.add(JSON.parse(text).id);
      else await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });
  for (let kill = 1; kill <= kills; ++kill) {
    const enough = acknowledged.size + perRound;
    assert.ok(await until(() => acknowledged.size >= enough, 20_000, 2), 'it accepts');
    await server.kill();
    if (kill < kills) await server.start();
  }
  over = true;
  await Promise.all(work);
  return acknowledged;
}
