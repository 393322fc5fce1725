// The accounting itself: it must see a loss, a repeat and a wrong order when there is one.

import assert from 'node:assert/strict';
import test from 'node:test';

import { account, accountOrders } from '../../examples/relay/account.mjs';

const deliveries = ['a', 'b', 'c'].map((sha256) => (
  { id: `id-${sha256}`, event: 'push', body: '', sha256, order: '7', expects: ['crm', 'audit'] }));

const accepted = (sha256, event = `evt_${sha256}`) => (
  { kind: 'webhook', sha256, status: 200, text: `{"id":"${event}"}` });

const thanks = (endpoint, sha256, changes = {}) => ({
  at: 1000, endpoint, sha256, id: `msg-${endpoint}-${sha256}`, verdict: 'ok', attempt: 1,
  answered: 200, ...changes,
});

const complete = () => deliveries.flatMap(
  ({ sha256 }) => [thanks('crm', sha256), thanks('audit', sha256)]);

const tell = (changes) => account({
  deliveries, sent: deliveries.map(({ sha256 }) => accepted(sha256)), received: complete(),
  kills: [], ordered: 'crm', ...changes,
});

test('all is well when everything arrived once', () => {
  const told = tell({});
  assert.equal(told.accepted, 3);
  assert.equal(told.delivered, 3);
  assert.equal(told.expected, 6);
  assert.equal(told.arrived, 6);
  assert.deepEqual(told.lost, []);
  assert.equal(told.doubled + told.unexpected + told.unverified + told.unexplained, 0);
  assert.equal(told.outOfOrder, 0);
});

test('a delivery that is missing, refused or unverified is lost', () => {
  const others = complete().filter((one) => one.id !== 'msg-audit-b');
  const replaced = (changes) => [...others, thanks('audit', 'b', changes)];
  for (const received of [others, replaced({ answered: 500 }), replaced({ verdict: 'forged' })]) {
    const told = tell({ received });
    assert.deepEqual(told.lost, [{ endpoint: 'audit', id: 'id-b', event: 'push' }]);
    assert.equal(told.delivered, 2);
  }
  assert.equal(tell({ received: replaced({ verdict: 'forged' }) }).unverified, 1);
});

test('what was never accepted is not expected, and is unexpected when it comes', () => {
  const sent = [accepted('a'), accepted('b'), { ...accepted('c'), status: 503 }];
  const told = tell({ sent });
  assert.equal(told.accepted, 2);
  assert.equal(told.expected, 4);
  assert.equal(told.unexpected, 2);
});

test('a repeat is explained by a kill just after the first thanks, and by nothing else', () => {
  const received = [...complete(), thanks('crm', 'a', { at: 9000 })];
  assert.deepEqual([tell({ received }).repeated, tell({ received }).unexplained], [1, 1]);
  assert.equal(tell({ received, kills: [1500] }).unexplained, 0);
  assert.equal(tell({ received, kills: [8000] }).unexplained, 1);
});

test('one webhook under two message ids at one endpoint was made twice', () => {
  const received = [...complete(), thanks('crm', 'a', { id: 'msg-other' })];
  assert.equal(tell({ received }).doubled, 1);
});

test('the order of a repository counts at the endpoint that keeps it', () => {
  const swapped = complete();
  [swapped[0], swapped[2]] = [swapped[2], swapped[0]];
  assert.ok(tell({ received: swapped }).outOfOrder > 0);
  assert.equal(tell({ received: swapped, ordered: undefined }).outOfOrder, 0);
});

test('a duplicate has the event of the first, a replay has its own', () => {
  const again = (kind, event) => ({ ...accepted('a', event), kind });
  const sent = deliveries.map(({ sha256 }) => accepted(sha256));
  const told = (one) => tell({ sent: [...sent, one] });
  assert.equal(told(again('duplicate', 'evt_a')).duplicates, 1);
  assert.equal(told(again('duplicate', 'evt_new')).duplicates, 0);
  assert.equal(told(again('replay', 'evt_new')).replays, 1);
  assert.equal(told(again('replay', 'evt_a')).replays, 0);
});

test('an order that is missing or published twice is seen', () => {
  const orders = [{ id: 'o1' }, { id: 'o2' }];
  const got = (order, id = order) => thanks('warehouse', order, { order, id });
  assert.deepEqual(accountOrders(orders, [got('o1')]).missing, ['o2']);
  assert.equal(accountOrders(orders, [got('o1'), got('o2'), got('o2', 'x')]).doubled, 1);
  assert.equal(accountOrders(orders, [got('o1'), got('o2'), got('o2')]).doubled, 0);
});
