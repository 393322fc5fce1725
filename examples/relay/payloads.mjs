// Real GitHub payloads, as many as wanted, no two with the same bytes.
//
// @octokit/webhooks-examples holds about 320 distinct ones. When more are wanted they come again
// with white space behind them: the same JSON, other bytes, so another signature and another event.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { sha256 } from './journal.mjs';

/**
 * @typedef {object} Delivery
 * @property {string} id        What GitHub calls the delivery.
 * @property {string} event     `push`, `issues`, ...
 * @property {string} body
 * @property {string} sha256    Of the body: what both journals know it by.
 * @property {string} order     The repository's id; empty where the payload has none.
 * @property {string[]} expects The endpoints that the routes name for it.
 */

function corpus() {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@octokit/webhooks-examples');
  const seen = new Set();
  const list = [];
  for (const { name, examples } of JSON.parse(readFileSync(file, 'utf8'))) {
    for (const example of examples) {
      const body = JSON.stringify(example);
      if (seen.has(body)) continue;
      seen.add(body);
      list.push({ event: name, body, order: String(example.repository?.id ?? '') });
    }
  }
  return shuffled(list);
}

// Always the same order, with the kinds of events mixed.
function shuffled(list) {
  let state = 20_240_601;
  for (let i = list.length - 1; i > 0; --i) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const j = (state >>> 8) % (i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** Where the manifest's routes send an event of `source` with this event header. */
export function endpointsFor(manifest, source, event) {
  const names = new Set();
  for (const route of manifest.routes) {
    if (route.from !== source) continue;
    const events = route.when?.['header:x-github-event'];
    if (events && !events.includes(event)) continue;
    for (const name of route.to) names.add(name);
  }
  return [...names];
}

/** @returns {Delivery[]} */
export function githubDeliveries(manifest, count) {
  const examples = corpus();
  return Array.from({ length: count }, (_, i) => {
    const example = examples[i % examples.length];
    const body = example.body + ' '.repeat(Math.floor(i / examples.length));
    return {
      id: randomUUID(),
      event: example.event,
      body,
      sha256: sha256(body),
      order: example.order,
      expects: endpointsFor(manifest, 'github', example.event),
    };
  });
}
