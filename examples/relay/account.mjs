// Compares the two journals, message by message.
//
//   sender's journal:    this body was accepted (2xx)       -> must arrive at these endpoints
//   receiver's journal:  this body arrived, verified, thanked
//
// A message may arrive twice only where the server was killed between the receiver's thanks and
// the commit that notes it. Then its first thanks lies shortly before a kill.

/** @typedef {import('./payloads.mjs').Delivery} Delivery */

const inFlightMs = 3000;

/** Groups `list` by what `key` says. */
function groups(list, key) {
  const map = new Map();
  for (const item of list) {
    const name = key(item);
    if (!map.has(name)) map.set(name, []);
    map.get(name).push(item);
  }
  return map;
}

/** Message ids thanked more than once, and those of them that no kill explains. */
export function repeats(thanked, kills) {
  const repeated = [...groups(thanked, (record) => record.id).values()].filter((r) => r.length > 1);
  const explained = (records) => kills.some(
    (kill) => records[0].at <= kill + inFlightMs && records[0].at >= kill - inFlightMs,
  );
  return { repeated: repeated.length, unexplained: repeated.filter((r) => !explained(r)).length };
}

/** Whether the first thanks for each repository's messages came in the order of sending. */
function outOfOrder(deliveries, thanked, endpoint) {
  const rank = new Map(deliveries.map((delivery, i) => [delivery.sha256, { i, delivery }]));
  const last = new Map();
  const seen = new Set();
  let wrong = 0;
  for (const record of thanked) {
    const known = rank.get(record.sha256);
    if (record.endpoint !== endpoint || !known || seen.has(record.sha256)) continue;
    seen.add(record.sha256);
    const { order } = known.delivery;
    if (order === '') continue;
    if ((last.get(order) ?? -1) > known.i) wrong += 1;
    last.set(order, known.i);
  }
  return wrong;
}

/**
 * What came of the requests that must change nothing. A duplicate is answered with the event of
 * the first; a replay becomes an event of its own, which is routed nowhere.
 */
function accountMischief(sent) {
  const eventOf = (record) => /"id":"(evt_[^"]+)"/.exec(record.text ?? '')?.[1];
  const ok = (record) => record.status >= 200 && record.status < 300;
  const firsts = new Map();
  for (const record of sent) {
    if (record.kind === 'webhook' && ok(record)) firsts.set(record.sha256, eventOf(record));
  }
  const known = (record) => eventOf(record) === firsts.get(record.sha256);
  const is = (kind, status) => sent.filter((one) => one.kind === kind && one.status === status);
  return {
    duplicates: sent.filter((one) => one.kind === 'duplicate' && ok(one) && known(one)).length,
    replays: sent.filter((one) => one.kind === 'replay' && ok(one) && !known(one)).length,
    refused: [...is('forged', 401), ...is('stale', 401), ...is('oversized', 413)].length,
  };
}

/**
 * @param {object} input
 * @param {Delivery[]} input.deliveries
 * @param {Record<string, any>[]} input.sent      The sender's journal.
 * @param {Record<string, any>[]} input.received  The receiver's.
 * @param {number[]} input.kills                  When the server was killed.
 * @param {string} [input.ordered]                The endpoint that keeps order by key.
 */
export function account({ deliveries, sent, received, kills, ordered }) {
  const isThanks = (record) => record.answered >= 200 && record.answered < 300;
  const ok = (record) => record.status >= 200 && record.status < 300;
  const tries = sent.filter((record) => record.kind === 'webhook');
  const accepted = new Set(tries.filter(ok).map((record) => record.sha256));
  const thanked = received.filter((record) => record.verdict === 'ok' && isThanks(record));
  const arrived = groups(thanked, (record) => `${record.endpoint} ${record.sha256}`);

  const expected = new Set();
  const lost = [];
  const eventsLost = new Set();
  for (const delivery of deliveries) {
    if (!accepted.has(delivery.sha256)) continue;
    for (const endpoint of delivery.expects) {
      const name = `${endpoint} ${delivery.sha256}`;
      expected.add(name);
      if (arrived.has(name)) continue;
      lost.push({ endpoint, id: delivery.id, event: delivery.event });
      eventsLost.add(delivery.sha256);
    }
  }
  const known = new Set(deliveries.map((delivery) => delivery.sha256));
  const relayed = thanked.filter((record) => known.has(record.sha256));
  const messages = [...arrived].filter(([name]) => expected.has(name));
  const firstRefused = received.filter((record) => record.attempt === 1 && !isThanks(record));
  return {
    sent: deliveries.length,
    tries: tries.length,
    accepted: accepted.size,
    expected: expected.size,
    arrived: messages.length,
    lost,
    delivered: accepted.size - eventsLost.size,
    // Two ids for one endpoint and body: an event was made twice.
    doubled: messages.filter(([, list]) => new Set(list.map((one) => one.id)).size > 1).length,
    unexpected: relayed.filter((one) => !expected.has(`${one.endpoint} ${one.sha256}`)).length,
    unverified: received.filter((record) => record.verdict !== 'ok').length,
    refused500: firstRefused.filter((record) => record.answered === 500).length,
    refused429: firstRefused.filter((record) => record.answered === 429).length,
    ...repeats(thanked, kills),
    ...accountMischief(sent),
    outOfOrder: ordered ? outOfOrder(deliveries, relayed, ordered) : 0,
  };
}

/** The orders of the API against what the warehouse got. */
export function accountOrders(orders, received) {
  const thanked = received.filter((record) => record.endpoint === 'warehouse' &&
    record.verdict === 'ok' && record.answered === 200);
  const arrived = groups(thanked, (record) => record.order);
  const missing = orders.filter((order) => !arrived.has(order.id));
  const doubled = [...arrived.values()].filter((r) => new Set(r.map((one) => one.id)).size > 1);
  return {
    orders: orders.length,
    arrived: orders.length - missing.length,
    missing: missing.map((order) => order.id),
    doubled: doubled.length,
  };
}
