// What `verify` makes of requests, whatever holds their headers and body. Signatures are made by
// node:crypto, so that nothing here agrees with itself.

import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';

import { library } from './library.mjs';

const { verify } = library;

const SECRET = 'whsec_test_secret';
const NOW = 1531420618000;
const config = { scheme: 'stripe', secrets: [SECRET], now: NOW };

function stripe(body, { secret = SECRET, at = NOW / 1000 } = {}) {
  const mac = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
  return `t=${at},v1=${mac}`;
}

function request(body, headers = { 'stripe-signature': stripe(body) }) {
  return { method: 'POST', url: 'https://hooks.example/in', headers, body };
}

const EVENT = '{"id":"evt_1","name":"Zo\u00eb \u4e2d\u6587 \ud83d\ude80"}';
const ACCEPTED = {
  ok: true, secret: 0, identity: 'evt_1', identitySigned: true, signedAt: NOW,
};

describe('requests in any shape', () => {
  const value = stripe(EVENT);
  const shapes = {
    'Headers of the Fetch API': new Headers({ 'Stripe-Signature': value }),
    'an object in lower case': { 'stripe-signature': value, host: 'hooks.example' },
    'an object in any case': { 'Stripe-Signature': value },
    'an object of lists': { 'stripe-signature': [value] },
    'an object with holes': { cookie: undefined, 'stripe-signature': value },
    'pairs': [['host', 'hooks.example'], ['STRIPE-SIGNATURE', value]],
  };
  for (const [shape, headers] of Object.entries(shapes)) {
    test(`headers are ${shape}`, () => {
      assert.deepEqual(verify(request(EVENT, headers), config), ACCEPTED);
    });
  }

  test('bodies are bytes, a buffer or text', () => {
    const bytes = new TextEncoder().encode(EVENT);
    const headers = shapes.pairs;
    for (const body of [bytes, bytes.buffer, Buffer.from(EVENT), EVENT]) {
      assert.deepEqual(verify(request(body, headers), config), ACCEPTED);
    }
  });

  test('bytes that are no text are verified as they are', () => {
    const body = new Uint8Array(1024).map((_, i) => i * 7);
    const verdict = verify(request(body, { 'stripe-signature': stripe(body) }), config);
    const signed = Buffer.concat([Buffer.from('1531420618.'), body]);
    assert.equal(verdict.ok, true);
    assert.equal(verdict.identity, createHash('sha256').update(signed).digest('hex'));
  });

  test('bodies of any size are taken, up to 32 MiB', () => {
    for (const size of [0, 1, 15_000, 100_000, 3_000_000, 0]) {
      const text = '\u00e9'.repeat(size);
      assert.equal(verify(request(text), config).ok, true, `${size}`);
      const bytes = new Uint8Array(size).fill(0xff);
      const headers = { 'stripe-signature': stripe(bytes) };
      assert.equal(verify(request(bytes, headers), config).ok, true, `${size} bytes`);
    }
    const large = new Uint8Array(32 * 1024 * 1024 + 1);
    assert.equal(verify(request(large, {}), config).reason, 'body_too_large');
  });
});

describe('refusals', () => {
  const refused = (headers, body = EVENT, own = config) => {
    const verdict = verify(request(body, headers), own);
    assert.equal(verdict.ok, false);
    assert.ok(verdict.detail.length > 0);
    return verdict.reason;
  };
  const good = stripe(EVENT);

  test('a changed body', () => {
    const verdict = verify(request(`${EVENT} `, { 'stripe-signature': good }), config);
    assert.equal(verdict.reason, 'signature_mismatch');
    assert.ok(verdict.hints.some((hint) => hint.includes('raw bytes')));
  });

  test('a signature that arrived twice, in any shape', () => {
    for (const headers of [
      [['stripe-signature', good], ['Stripe-Signature', good]],
      { 'stripe-signature': [good, good] },
      { 'stripe-signature': good, 'Stripe-Signature': good },
    ]) {
      assert.equal(refused(headers), 'header_duplicate');
    }
  });

  test('a signature that Headers joined is ambiguous', () => {
    const headers = new Headers([['stripe-signature', good], ['stripe-signature', good]]);
    assert.match(refused(headers), /^header_(duplicate|malformed)$/);
    const single = { scheme: 'github', secrets: [SECRET] };
    const mac = `sha256=${createHmac('sha256', SECRET).update(EVENT).digest('hex')}`;
    const twice = new Headers([['x-hub-signature-256', mac], ['x-hub-signature-256', mac]]);
    assert.match(refused(twice, EVENT, single), /^(header|signature)_/);
  });

  test('no header, an old one, a new one, another form', () => {
    assert.equal(refused({}), 'header_missing');
    const at = (seconds) => ({ 'stripe-signature': stripe(EVENT, { at: NOW / 1000 + seconds }) });
    assert.equal(refused(at(-301)), 'timestamp_too_old');
    assert.equal(refused(at(61)), 'timestamp_too_new');
    assert.equal(verify(request(EVENT, at(-300)), config).ok, true);
    assert.equal(refused({ 'stripe-signature': 't=1531420618,v1=zz' }), 'signature_malformed');
    assert.equal(refused({ 'stripe-signature': 't=now,v1=00' }), 'timestamp_malformed');
  });

  test('nothing that a sender writes throws', () => {
    for (const value of ['', ',', '=', 't=', 'v1=', '\u0000', '\u00ff', '\u20ac', 't=1,t=1',
      'v1=,'.repeat(5000), 't=1531420618,v1='.repeat(40)]) {
      refused({ 'stripe-signature': value });
    }
  });

  test('a body that was decoded with loss gets its hint', () => {
    const body = new Uint8Array([0x7b, 0xff, 0x7d]);
    const headers = { 'stripe-signature': stripe(body) };
    const verdict = verify(request(new TextDecoder().decode(body), headers), config);
    assert.match(verdict.hints[0], /lost bytes/);
  });
});

describe('secrets', () => {
  test('each is valid in its time, and the one that matched is told', () => {
    const rotating = {
      scheme: 'stripe',
      now: NOW,
      secrets: [{ value: 'old', notAfter: new Date(NOW) }, { value: 'new', notBefore: NOW }],
      keys: ['third'],
    };
    const by = (secret, at = NOW) => verify(
      request(EVENT, { 'stripe-signature': stripe(EVENT, { secret, at: at / 1000 }) }),
      { ...rotating, now: at });
    assert.equal(by('old').secret, 0);
    assert.equal(by('new').secret, 1);
    assert.equal(by('third').secret, 2);
    assert.equal(by('old', NOW + 1000).reason, 'key_expired');
    assert.equal(by('new', NOW - 1000).reason, 'key_expired');
  });

  test('more configs than are kept work, and the first works again', () => {
    const configs = Array.from({ length: 600 }, (_, i) => (
      { scheme: 'stripe', secrets: [`secret ${i}`], now: NOW }));
    for (const [i, own] of [...configs.entries(), [0, configs[0]], [599, configs[599]]]) {
      const headers = { 'stripe-signature': stripe(EVENT, { secret: `secret ${i}` }) };
      assert.equal(verify(request(EVENT, headers), own).ok, true);
      assert.equal(verify(request(EVENT), own).reason, 'signature_mismatch');
    }
  });

  test('the clock is the runtime\'s where no time is given', () => {
    const headers = { 'stripe-signature': stripe(EVENT, { at: Math.floor(Date.now() / 1000) }) };
    assert.equal(verify(request(EVENT, headers), { scheme: 'stripe', secrets: [SECRET] }).ok, true);
  });
});

describe('identities', () => {
  test('one that is not signed says so', () => {
    const mac = `sha256=${createHmac('sha256', SECRET).update(EVENT).digest('hex')}`;
    const headers = { 'x-hub-signature-256': mac, 'x-github-delivery': 'd-1' };
    assert.deepEqual(verify(request(EVENT, headers), { scheme: 'github', secrets: [SECRET] }), {
      ok: true, secret: 0, identity: 'd-1', identitySigned: false, signedAt: null,
    });
  });
});

describe('schemes of one\'s own', () => {
  const scheme = {
    name: 'acme',
    algorithm: 'hmac-sha512',
    signature: { from: 'header:x-acme-signature', encoding: 'base64' },
    message: '{method}|{url}|{header:x-acme-id}|{body}',
    identity: ['header:x-acme-id'],
  };
  const own = { scheme, secrets: [SECRET] };
  const signed = (url, id = 'i1') => {
    const message = `POST|${url}|${id}|${EVENT}`;
    const mac = createHmac('sha512', SECRET).update(message).digest('base64');
    return { 'x-acme-signature': mac, 'x-acme-id': id };
  };

  test('method, URL and headers are signed', () => {
    const url = 'https://hooks.example/in?a=1';
    const one = { method: 'POST', url, headers: signed(url), body: EVENT };
    assert.equal(verify(one, own).identity, 'i1');
    assert.equal(verify({ ...one, method: 'PUT' }, own).reason, 'signature_mismatch');
    assert.equal(verify({ ...one, url: `${url}2` }, own).reason, 'signature_mismatch');
  });

  test('the URL that the provider knows replaces what a proxy made of it', () => {
    const headers = signed('https://hooks.example/in?a=1');
    const behind = { method: 'POST', url: 'http://10.0.0.1:8080/x?a=1', headers, body: EVENT };
    const verdict = verify(behind, { ...own, url: 'https://hooks.example/in' });
    assert.equal(verdict.ok, true);
    assert.equal(verify(behind, own).ok, false);
  });
});
