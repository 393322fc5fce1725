// Keys that a provider publishes: the verdict says what to fetch, and the caller hands it over.

import assert from 'node:assert/strict';
import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';

import { library } from './library.mjs';

const { verify } = library;
const NOW = 1760000000000;
const URL_OF_SET = 'https://keys.example/jwks.json';
const BODY = '{"id":"evt_1"}';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keySet = (kid) => JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }],
});

const scheme = {
  name: 'issuer',
  family: 'jwt',
  algorithm: 'rsa-pkcs1-sha256',
  signature: { from: 'header:authorization', prefix: 'Bearer ' },
  key: { form: 'public-key' },
  jwt: { algorithms: ['RS256'] },
  time: { from: 'claim:iat' },
  body_digest: { from: 'claim:sha256', encoding: 'hex' },
  fetched: { url: URL_OF_SET },
};

function token(kid) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: NOW / 1000, sha256: createHash('sha256').update(BODY).digest('hex') };
  const signed = `${part({ alg: 'RS256', kid })}.${part(claims)}`;
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
}

const request = (kid = 'k1') => ({
  method: 'POST',
  url: 'https://hooks.example/in',
  headers: { authorization: `Bearer ${token(kid)}` },
  body: BODY,
});
const WANTED = { ok: false, wanted: { url: URL_OF_SET, kind: 'key_set' } };

describe('published keys', () => {
  test('a set that is not there is wanted', () => {
    assert.deepEqual(verify(request(), { scheme, now: NOW }), WANTED);
  });

  test('a set without a time is taken, for ever', () => {
    const config = { scheme, documents: { [URL_OF_SET]: keySet('k1') }, now: NOW };
    assert.equal(verify(request(), config).ok, true);
    assert.equal(verify(request(), config).ok, true);
    const changed = { ...request(), body: '{"id":"evt_2"}' };
    assert.equal(verify(changed, config).reason, 'signature_mismatch');
    assert.equal(verify(request('k2'), config).reason, 'key_unknown');
  });

  test('one with its time is wanted again when it is old, or lacks the key', () => {
    const dated = (fetchedAt) => ({
      scheme, now: NOW, documents: { [URL_OF_SET]: { text: keySet('k1'), fetchedAt } },
    });
    assert.equal(verify(request(), dated(NOW - 600_000)).ok, true);
    assert.deepEqual(verify(request(), dated(NOW - 600_001)), WANTED);
    assert.deepEqual(verify(request('k2'), dated(NOW - 61_000)), WANTED);
    assert.equal(verify(request('k2'), dated(NOW)).reason, 'key_unknown');
  });

  test('what is no set makes no verdict', () => {
    const config = { scheme, documents: { [URL_OF_SET]: '<html>' }, now: NOW };
    assert.equal(verify(request(), config).reason, 'key_unavailable');
    const dated = { text: '<html>', fetchedAt: NOW };
    assert.throws(
      () => verify(request(), { scheme, documents: { [URL_OF_SET]: dated }, now: NOW }),
      /\/documents\/https:\/\/keys.example\/jwks.json: This document cannot be used/);
  });

  test('a set from elsewhere is not taken', () => {
    const documents = { 'https://evil.example/jwks.json': { text: keySet('k1'), fetchedAt: NOW } };
    assert.throws(() => verify(request(), { scheme, documents, now: NOW }), TypeError);
  });
});
