// Keys that a provider publishes: the verdict says what to fetch, and the caller hands it over.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  body as BODY, keySet, keysUrl as URL_OF_SET, scheme, token,
} from './issuer.mjs';
import { library } from './library.mjs';

const { verify } = library;
const NOW = 1760000000000;

const request = (kid = 'k1') => ({
  method: 'POST',
  url: 'https://hooks.example/in',
  headers: { authorization: `Bearer ${token(kid, NOW)}` },
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
