// A disk that takes no more: 503, never 2xx; and once there is room, everything goes on.
//
// The limit on the size of a file stands for a full disk: the system refuses the write in the same
// place, without another file system and without privileges.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import test from 'node:test';

import { Admin } from '../../examples/relay/admin.mjs';
import { setUp, until } from '../../examples/relay/relay.mjs';
import { ask, directory, githubHeaders, runtime } from './lane.mjs';

const skip = runtime !== 'native' && 'the edge has no disk that a test could fill';

test('a full disk is 503, and nothing that was acknowledged is missing', { skip, timeout: 90_000 },
  async () => {
    const relay = await setUp({
      runtime,
      directory: directory('full-disk'),
      api: { count: 0 },
      change: (manifest) => {
        manifest.steps = {};
        manifest.links = {};
      },
    });
    const acknowledged = new Set();
    const send = async () => {
      const body = JSON.stringify({ noise: randomBytes(12_000).toString('base64') });
      const headers = githubHeaders(relay.environment.GITHUB_WEBHOOK_SECRET, body);
      const answer = await ask(`${relay.server.url}/in/github`, { method: 'POST', headers, body });
      if (answer.status === 200) acknowledged.add(JSON.parse(answer.text).id);
      return answer.status;
    };
    const limit = (bytes) => execFileSync('prlimit',
      [`--fsize=${bytes}:unlimited`, '--pid', String(relay.server.child?.pid)]);
    try {
      await relay.server.start();
      for (let i = 0; i < 20; ++i) assert.equal(await send(), 200);

      limit(100_000);
      const statuses = [];
      for (let i = 0; i < 40; ++i) statuses.push(await send());
      assert.ok(statuses.includes(503), statuses.join(' '));
      assert.ok(statuses.every((status) => status === 200 || status === 503), statuses.join(' '));
      assert.deepEqual([...new Set(statuses.slice(-10))], [503]);

      limit('unlimited');
      assert.ok(await until(async () => (await send()) === 200, 30_000, 200), 'it recovers');
      const admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
      const stored = new Set((await admin.all('events')).map((event) => event.id));
      assert.deepEqual([...acknowledged].filter((id) => !stored.has(id)), []);
    } finally {
      await relay.tearDown();
    }
  });
