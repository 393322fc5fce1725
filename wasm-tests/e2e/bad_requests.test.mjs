// Requests that are wrong in every way: a clear answer, and the server goes on.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test, { after, before } from 'node:test';

import { Admin } from '../../examples/relay/admin.mjs';
import { setUp, until } from '../../examples/relay/relay.mjs';
import { ask, directory, githubHeaders, raw, rawRequest, runtime, statusOf } from './lane.mjs';
import { isSigned, Sink } from './sink.mjs';

/** @type {Awaited<ReturnType<typeof setUp>>} */
let relay;
/** @type {Sink} */
let sink;
let port = 0;
let secret = '';
let refusal = '';

const body = JSON.stringify({ repository: { id: 7 }, ref: 'refs/heads/main' });
const url = (path) => relay.server.url + path;
const send = (headers, bytes = body, path = '/in/github') =>
  ask(url(path), { method: 'POST', headers, body: bytes });

async function stillServes() {
  const fresh = JSON.stringify({ zen: Math.random() });
  assert.equal((await send(githubHeaders(secret, fresh), fresh)).status, 200);
}

before(async () => {
  sink = await new Sink().listen();
  relay = await setUp({
    runtime,
    directory: directory('bad-requests'),
    api: { count: 0 },
    change: (manifest) => {
      manifest.steps = {};
      manifest.links = {};
      manifest.endpoints.crm.url = `http://127.0.0.1:${sink.port}/ok`;
      manifest.endpoints.audit.url = `http://127.0.0.1:${sink.port}/ok`;
    },
  });
  await relay.server.start();
  port = relay.ports.server;
  secret = relay.environment.GITHUB_WEBHOOK_SECRET;
  const wrong = await send(githubHeaders('wrong', body));
  assert.equal(wrong.status, 401);
  refusal = wrong.text;
}, { timeout: 90_000 });

after(async () => {
  await relay?.tearDown();
  await sink?.close();
});

test('a body over the limit is 413, with a length and without', async () => {
  const large = Buffer.alloc(1024 * 1024 + 1, 'x');
  assert.equal((await send(githubHeaders(secret, large), large)).status, 413);

  const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  const head = rawRequest('POST', '/in/github',
    { ...githubHeaders(secret, 'x'), 'transfer-encoding': 'chunked' });
  const answer = await raw(port, [head, ...Array(17).fill(chunk), '0\r\n\r\n']);
  assert.equal(statusOf(answer), 413);
  await stillServes();
});

test('a body of exactly the limit is taken', async () => {
  const largest = Buffer.alloc(1024 * 1024, ' ');
  largest.write('{}');
  const headers = githubHeaders(secret, largest, { event: 'ping' });
  assert.equal((await send(headers, largest)).status, 200);
});

test('another method is 405 and says what is allowed', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await ask(url('/in/github'), { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get('allow'), 'POST', method);
  }
});

test('an unknown source is 404', async () => {
  const answer = await send(githubHeaders(secret, body), body, '/in/gitbub');
  assert.equal(answer.status, 404);
  assert.equal(JSON.parse(answer.text).code, 'unknown_source');
});

test('an unknown installation answers exactly like a wrong secret', async () => {
  const answer = await send(githubHeaders(secret, body), body, '/in/nobody/github');
  assert.equal(answer.status, 401);
  assert.equal(answer.text, refusal);
});

test('missing, empty, malformed and duplicate signatures get one constant answer', async () => {
  const good = githubHeaders(secret, body, { event: 'ping' });
  const name = 'x-hub-signature-256';
  const hex = good[name].slice('sha256='.length);
  const without = { ...good };
  delete without[name];
  const cases = {
    missing: without,
    empty: { ...good, [name]: '' },
    'without its prefix': { ...good, [name]: hex },
    'upper case': { ...good, [name]: `sha256=${hex.toUpperCase()}X` },
    short: { ...good, [name]: `sha256=${hex.slice(2)}` },
    long: { ...good, [name]: `sha256=${hex}00` },
    'not hex': { ...good, [name]: `sha256=${'z'.repeat(64)}` },
    'one bit off': { ...good, [name]: `sha256=${flipped(hex)}` },
    'of other bytes': { ...good, ...{ [name]: githubHeaders(secret, 'other')[name] } },
  };
  for (const [what, headers] of Object.entries(cases)) {
    const answer = await send(headers);
    assert.equal(answer.status, 401, what);
    assert.equal(answer.text, refusal, what);
  }
  const twice = await raw(port, [rawRequest('POST', '/in/github',
    { ...good, [name]: [good[name], good[name]], 'content-length': String(body.length) }, body)]);
  assert.equal(statusOf(twice), 401, 'duplicate');
  assert.ok(twice.includes(refusal), 'duplicate');
});

function flipped(hex) {
  return (parseInt(hex[0], 16) ^ 1).toString(16) + hex.slice(1);
}

test('times that are old, early or no times are refused', async () => {
  const { STRIPE_WEBHOOK_SECRET: key } = relay.environment;
  const now = Math.floor(Date.now() / 1000);
  for (const t of [now - 3600, now + 3600, 'soon', '', `${now}.5`, '9'.repeat(40), `-${now}`]) {
    const v1 = createHmac('sha256', key).update(`${t}.${body}`).digest('hex');
    const answer = await send({ 'stripe-signature': `t=${t},v1=${v1}` }, body, '/in/stripe');
    assert.equal(answer.status, 401, String(t));
    assert.equal(answer.text, refusal, String(t));
  }
});

test('NUL and bytes that are no text arrive byte for byte', async () => {
  const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const bodies = [all, Buffer.alloc(1), Buffer.from([0xff, 0xfe, 0xc0, 0x80]),
    Buffer.concat(Array(300).fill(all)), Buffer.alloc(0)];
  for (const bytes of bodies) {
    const headers = githubHeaders(secret, bytes, { event: 'ping' });
    assert.equal((await send(headers, bytes)).status, 200);
    const isHere = () => sink.requests.some((one) => one.body.equals(bytes) &&
      isSigned(relay.environment.AUDIT_SECRET, one.headers, one.body));
    assert.ok(await until(isHere, 10_000, 20), `${bytes.length} bytes`);
  }
});

test('JSON ten thousand deep is taken, delivered, and harms nobody', async () => {
  const deep = '['.repeat(10_000) + ']'.repeat(10_000);
  assert.equal((await send(githubHeaders(secret, deep), deep)).status, 200);
  const nested = `${'{"repository":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  assert.equal((await send(githubHeaders(secret, nested), nested)).status, 200);
  for (const text of [deep, nested]) {
    const isHere = () => sink.requests.some((one) => one.body.toString() === text);
    assert.ok(await until(isHere, 10_000, 20));
  }
});

test('a flood of headers is refused, not suffered', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 5000 }, (_, i) => [`x-flood-${i}`, 'y'.repeat(100)]));
  const answer = await raw(port, [rawRequest('POST', '/in/github',
    { ...githubHeaders(secret, body), ...many, 'content-length': String(body.length) }, body)]);
  assert.ok([0, 400, 413, 431].includes(statusOf(answer)), answer.slice(0, 100));
  const long = await raw(port, [rawRequest('POST', '/in/github',
    { ...githubHeaders('wrong', body), 'x-long': 'z'.repeat(2_000_000) })]);
  assert.ok([0, 400, 413, 431].includes(statusOf(long)), long.slice(0, 100));
  await stillServes();
});

test('a slow body holds up nobody else', async () => {
  const head = rawRequest('POST', '/in/github',
    { ...githubHeaders(secret, body), 'content-length': '1000' }, 'only this');
  const slow = Array.from({ length: 20 }, () => raw(port, [head], { silentMs: 3000 }));
  const began = Date.now();
  await stillServes();
  assert.ok(Date.now() - began < 2500, 'others are served meanwhile');
  for (const answer of await Promise.all(slow)) {
    assert.ok([0, 400, 408].includes(statusOf(answer)), answer.slice(0, 100));
  }
});

test('a client that leaves is no harm, before its body and after', async () => {
  const half = rawRequest('POST', '/in/github',
    { ...githubHeaders(secret, body), 'content-length': '1000' }, 'half');
  const whole = JSON.stringify({ left: true });
  const complete = rawRequest('POST', '/in/github',
    { ...githubHeaders(secret, whole), 'content-length': String(whole.length) }, whole);
  await Promise.all(Array.from({ length: 20 }, (_, i) =>
    raw(port, [i % 2 ? half : complete], { leave: true })));
  await stillServes();
});

test('bytes that are no HTTP are no harm', async () => {
  await raw(port, ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 no TLS here\r\n\r\n']);
  await raw(port, ['POST /in/github HTTP/1.1\r\ncontent-length: -5\r\n\r\n']);
  await raw(port, ['POST /in/github HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n' +
    'transfer-encoding: chunked\r\n\r\n0\r\n\r\n']);
  await stillServes();
});

test('the admin interface opens for its token alone', async () => {
  const token = relay.environment.SLUICE_ADMIN_TOKEN;
  const tries = [undefined, '', 'Bearer', 'Bearer ', `Basic ${token}`, `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`, `bearer${token}`];
  for (const authorization of tries) {
    const headers = authorization === undefined ? {} : { authorization };
    assert.equal((await ask(url('/v1/overview'), { headers })).status, 401, authorization);
  }
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await ask(url('/v1/overview'), { headers })).status, 200);
  assert.equal((await ask(url('/v1/nothing'), { headers })).status, 404);
});

test('the operator is told the exact reasons', async () => {
  const admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
  // Refusals reach the cell at most every ten seconds, with the next one.
  const reasons = async () => {
    await send(githubHeaders('wrong', body));
    const list = [...(await admin.all('refusals')), ...(await admin.all('refusals?source=stripe'))];
    return new Set(list.map((one) => one.reason));
  };
  let found = new Set();
  const wanted = ['signature_mismatch', 'header_missing'];
  const complete = async () => {
    found = await reasons();
    return wanted.every((reason) => found.has(reason));
  };
  assert.ok(await until(complete, 15_000, 1000), [...found].join(' '));
});
