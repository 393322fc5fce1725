// Every preset that signs by a secret or a key of ours verifies what it signs, and nothing else.

import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';

import { library, verifyOnly } from './library.mjs';

const { presets, sign, verify } = library;
const NOW = 1760000000000;

const pem = (type, options) => generateKeyPairSync(type, options).privateKey
  .export({ type: 'pkcs8', format: 'pem' });
const PRIVATE_KEYS = [
  pem('ed25519'),
  pem('rsa', { modulusLength: 2048 }),
  pem('ec', { namedCurve: 'P-256' }),
];
const SHARED = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
  'key-1|0011223344556677',
  'a plain secret',
];
const OTHER_SHARED = [
  'whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100',
  'key-1|8899aabbccddeeff',
  'another secret',
];
// What Adyen signs of a notification, and where it puts the signature.
const ADYEN_ITEM = {
  pspReference: 'p1',
  originalReference: 'o1',
  merchantAccountCode: 'm1',
  merchantReference: 'r1',
  amount: { value: 1000, currency: 'EUR' },
  eventCode: 'AUTHORISATION',
  success: 'true',
  additionalData: {},
};
const BODIES = [
  {
    body: '{"id":"evt_1","type":"order.paid","data":{"id":"7"},"token":"a","timestamp":"1"}',
    type: 'application/json',
  },
  {
    body: 'From=%2B1555&To=%2B1556&Body=Hello&payload=%7B%7D&bt_payload=e30%3D',
    type: 'application/x-www-form-urlencoded',
  },
  { body: JSON.stringify({ notificationItems: [{ NotificationRequestItem: ADYEN_ITEM }] }),
    type: 'application/json' },
];

function* attempts(family) {
  const secrets = family === 'asymmetric' ? PRIVATE_KEYS : SHARED;
  for (const [i, secret] of secrets.entries()) {
    for (const { body, type } of BODIES) {
      // One provider signs the name of its user, which is nothing that we could make up.
      const headers = [['content-type', type], ['x-fal-webhook-user-id', 'u1']];
      const request = {
        id: 'msg_1', method: 'POST', url: 'https://hooks.example/in?data.id=7', headers, body,
      };
      const other = family === 'asymmetric' ? undefined : OTHER_SHARED[i];
      yield { request, secret, other };
    }
  }
}

/** The first way to sign by this preset; the errors, where there is none. */
function signedBy(name, family) {
  const errors = [];
  for (const { request, secret, other } of attempts(family)) {
    const config = { scheme: name, secrets: [secret], now: NOW };
    try {
      const signed = sign(request, config);
      return { request, signed, config, other };
    } catch (error) {
      assert.ok(error instanceof TypeError, error);
      errors.push(error.message);
    }
  }
  return { errors };
}

function sent({ request, signed }) {
  const names = new Set(signed.headers.map(([name]) => name));
  return {
    method: request.method,
    url: signed.url ?? request.url,
    headers: [...request.headers.filter(([name]) => !names.has(name)), ...signed.headers],
    body: signed.body ?? request.body,
  };
}

/** What the module that only verifies takes: the public half, where there are two. */
function forVerifying({ secrets: [secret], ...rest }) {
  if (!secret.includes('PRIVATE KEY')) return { secrets: [secret], ...rest };
  return { secrets: [createPublicKey(secret).export({ type: 'spki', format: 'pem' })], ...rest };
}

// Their signature is made over something that only the provider's own request holds.
const PROVIDERS_OWN = new Set([]);

describe('presets', () => {
  const families = ['hmac', 'asymmetric', 'token'];
  const known = presets();

  test('they are listed with their title and source', () => {
    assert.ok(known.length > 5);
    const names = known.map(({ name }) => name);
    assert.deepEqual(names, [...names].sort());
    for (const { name, title, source } of known) {
      assert.ok(title.length > 0 && /^https?:/.test(source), `${name}: ${title} ${source}`);
    }
  });

  for (const { name, family } of known) {
    if (!families.includes(family) || PROVIDERS_OWN.has(name)) continue;
    test(`${name} (${family}) verifies what it signs`, () => {
      const found = signedBy(name, family);
      assert.equal(found.errors, undefined, found.errors?.join('\n'));
      const request = sent(found);
      const verdict = verify(request, found.config);
      assert.equal(verdict.ok, true, JSON.stringify(verdict));
      assert.equal(verdict.secret, 0);
      assert.ok(verdict.identity.length > 0);
      const config = forVerifying(found.config);
      assert.deepEqual(verifyOnly.verify(request, config), verdict, 'by the smaller module');
      const changed = { ...request, body: `${Buffer.from(request.body)} ` };
      assert.deepEqual(verifyOnly.verify(changed, config), verify(changed, config));
      if (found.other !== undefined) {
        const other = verify(request, { ...found.config, secrets: [found.other] });
        assert.equal(other.ok, false, 'by another secret');
      }
      const bare = verify({ ...request, headers: [], url: 'https://hooks.example/in', body: '{}' },
        found.config);
      assert.equal(bare.ok, false, 'without a signature');
    });
  }
});
