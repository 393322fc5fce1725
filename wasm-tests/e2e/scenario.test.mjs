// The main job with a kill in the middle: nothing is lost, and what comes twice was in flight.

import assert from 'node:assert/strict';
import test from 'node:test';

import { setUp } from '../../examples/relay/relay.mjs';
import { complaints, runScenario } from '../../examples/relay/scenario.mjs';
import { directory, runtime } from './lane.mjs';

test(`300 webhooks through ${runtime}, killed in the middle: 0 lost`, { timeout: 180_000 },
  async () => {
    const relay = await setUp({
      runtime,
      directory: directory('scenario'),
      receiver: { delayMs: 10 },
      api: { count: 40, everyMs: 200 },
    });
    try {
      await relay.server.start();
      const result = await runScenario(relay, {
        count: 300, killAt: [150], gapMs: 5, settleMs: 90_000,
      });
      assert.deepEqual(complaints(result), []);
      assert.equal(relay.server.kills.length, 1);
      assert.equal(result.delivered, 300);
      assert.ok(result.refused500 > 0 && result.refused429 > 0, 'the receiver refused some');
    } finally {
      await relay.tearDown();
    }
  });
