// The main job, end to end: send, kill in the middle, go on, settle, compare the journals.

import { account, accountOrders } from './account.mjs';
import { Admin } from './admin.mjs';
import { sha256 } from './journal.mjs';
import { githubDeliveries } from './payloads.mjs';
import { pause, until } from './relay.mjs';

const cronEveryMs = 2000;

/** Calls cron while `work` runs. */
async function withCron(server, work) {
  let over = false;
  const ticking = (async () => {
    while (!over) {
      await server.tick();
      await pause(cronEveryMs);
    }
  })();
  try {
    return await work();
  } finally {
    over = true;
    await ticking;
  }
}

/**
 * The copy against the original: both logs, entry by entry, and the bodies that were accepted.
 * @param {Admin} admin @param {Set<string>} accepted  Digests of bodies.
 */
export async function accountMirror(admin, accepted) {
  const identity = (entry) => `${entry.id} ${entry.source} ${sha256(bodyOf(entry))}`;
  const bodyOf = (entry) => Buffer.from(entry.body, 'base64');
  const originals = await admin.log('events', 'main');
  const copies = new Set((await admin.log('mirror', 'mirror')).map(identity));
  const logged = new Set(originals.map((entry) => sha256(bodyOf(entry))));
  return {
    events: originals.length,
    copies: originals.filter((entry) => copies.has(identity(entry))).length,
    foreign: copies.size - originals.filter((entry) => copies.has(identity(entry))).length,
    unlogged: [...accepted].filter((digest) => !logged.has(digest)).length,
  };
}

/**
 * A step that failed waits for up to a minute, longer after each failure. Nobody who watches wants
 * to: this runs it now, as an operator would who knows that the API is well again.
 */
async function hurryStep(admin, name) {
  const step = (await admin.all('steps')).find((one) => one.name === name);
  if (step?.status !== 'failing') return undefined;
  await admin.post(`steps/${name}/run`);
  return step;
}

/**
 * @param {Awaited<ReturnType<typeof import('./relay.mjs').setUp>>} relay
 * @param {object} options
 * @param {number} options.count
 * @param {number[]} [options.killAt]   Numbers of accepted webhooks at which the server is killed.
 * @param {number} [options.gapMs]      Between two webhooks of a lane.
 * @param {number} [options.settleMs]   How long everything may take after the last was accepted.
 * @param {(what: string, progress?: any) => void} [options.say]
 */
export async function runScenario(relay, options) {
  return withCron(relay.server, () => run(relay, options));
}

async function run(relay, { count, killAt = [], gapMs = 0, settleMs = 90_000, say = () => {} }) {
  const { server, sender, receiver, api, manifest, environment } = relay;
  const admin = new Admin(server.url, environment.SLUICE_ADMIN_TOKEN);
  const deliveries = githubDeliveries(manifest, count);
  const first = deliveries.find((one) => one.expects.length > 1) ?? deliveries[0];
  const began = Date.now();
  const state = { total: count, sender, receiver, accepted: () => sender.accepted };

  say('sending', state);
  const sending = sender.deliverAll(deliveries, { gapMs });
  let sent = false;
  sending.then(() => { sent = true; });
  for (const at of killAt) {
    await until(() => sent || sender.accepted >= at, 600_000, 5);
    say('killing', state);
    await server.kill();
    const down = Date.now();
    await server.start();
    say('restarted', { ...state, ms: Date.now() - down });
  }
  const allAccepted = await sending;
  say('accepted', { ...state, ms: Date.now() - began });

  say('mischief', state);
  const mischief = {
    duplicate: await sender.duplicate(first),
    replay: await sender.replay(first),
    forged: await sender.forged(first),
    stale: await sender.stale(environment.STRIPE_WEBHOOK_SECRET),
    oversized: await sender.oversized(first),
  };
  say('refused', { ...state, mischief });

  const tell = () => ({
    ...account({
      deliveries, sent: sender.journal.records, received: receiver.journal.records,
      kills: server.kills, ordered: 'crm',
    }),
    orders: accountOrders(api.orders, receiver.journal.records),
  });
  say('settling', state);
  const step = await hurryStep(admin, 'orders');
  if (step !== undefined) say('hurried', { ...state, step });
  const accepted = new Set(deliveries.map((delivery) => delivery.sha256));
  let mirror = { events: 0, copies: 0, foreign: 0, unlogged: 0 };
  const settled = await until(async () => {
    const now = tell();
    if (now.lost.length > 0 || now.orders.missing.length > 0) return false;
    try {
      mirror = await accountMirror(admin, accepted);
    } catch (error) {
      say('asking', error);  // The mirror's stream begins with the first entry it copies.
      return false;
    }
    return mirror.copies === mirror.events;
  }, settleMs, 250);
  await pause(1500);  // What comes twice has time to come.
  say('settled', { ...state, ms: Date.now() - began });
  return {
    ...tell(), mirror, mischief, allAccepted, settled, admin, deliveries,
    tookMs: Date.now() - began,
  };
}

/** What is wrong with the outcome, in words; empty when all is well. */
export function complaints(result) {
  const { mirror, mischief, orders } = result;
  const wrong = [];
  const expect = (isRight, text) => { if (!isRight) wrong.push(text); };
  expect(result.allAccepted, 'some webhooks were never accepted');
  expect(result.accepted === result.sent, `${result.sent - result.accepted} were not accepted`);
  expect(result.lost.length === 0, `${result.lost.length} deliveries are lost: ` +
    result.lost.slice(0, 5).map((one) => `${one.event} ${one.id} for ${one.endpoint}`).join(', '));
  expect(result.doubled === 0, `${result.doubled} messages were made twice`);
  expect(result.unexpected === 0, `${result.unexpected} deliveries nobody routed`);
  expect(result.unverified === 0, `${result.unverified} deliveries failed verification`);
  expect(result.unexplained === 0, `${result.unexplained} repeats that no kill explains`);
  expect(result.outOfOrder === 0, `${result.outOfOrder} deliveries out of order`);
  expect(orders.missing.length === 0, `${orders.missing.length} orders are missing: ` +
    orders.missing.slice(0, 5).join(', '));
  expect(orders.doubled === 0, `${orders.doubled} orders were published twice`);
  expect(mirror.copies === mirror.events && mirror.foreign === 0,
    `the mirror has ${mirror.copies} of ${mirror.events} events, and ${mirror.foreign} others`);
  expect(mirror.unlogged === 0, `${mirror.unlogged} accepted webhooks are in no log`);
  expect(mirror.events >= result.accepted + orders.orders, `only ${mirror.events} events`);
  expect(result.duplicates === 1, `the duplicate was answered ${mischief.duplicate}`);
  expect(result.replays === 1, `the replay was answered ${mischief.replay}`);
  expect(mischief.forged === 401, `the forged one was answered ${mischief.forged}`);
  expect(mischief.stale === 401, `the stale one was answered ${mischief.stale}`);
  expect(mischief.oversized === 413, `the oversized one was answered ${mischief.oversized}`);
  return wrong;
}
