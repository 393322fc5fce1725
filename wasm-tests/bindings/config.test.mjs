// A config that cannot be used is a TypeError that says where, and what was meant.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { library } from './library.mjs';

const { verify, sign, handshake } = library;
const request = { headers: {}, body: '{}' };

const FAULTS = [
  [{ scheme: 'strpe', secrets: ['a'] }, /\/scheme: .*Did you mean "stripe"\?/],
  [{ scheme: '{"like":"stripe"}', secrets: ['a'] }, /\/scheme: A definition is an object/],
  [{ secrets: ['a'] }, /\/scheme: Expected the name of a scheme/],
  [{ scheme: { like: 'stripe', signture: {} }, secrets: ['a'] }, /\/scheme\/signture: .*signature/],
  [{ scheme: { like: 'stripe', time: { format: 'sec' } }, secrets: ['a'] },
    /\/scheme\/time\/format: /],
  [{ scheme: { like: 'stripe', message: '{body}' }, secrets: ['a'] }, /\/scheme\/?\w*: /],
  [{ scheme: 'stripe' }, /\/secrets: Without a secret/],
  [{ scheme: 'stripe', secrets: [] }, /\/secrets: Without a secret/],
  [{ scheme: 'stripe', secrets: 'a' }, /\/secrets: Expected an array, found string/],
  [{ scheme: 'stripe', secrets: [7] }, /\/secrets\/0: Expected a string or an object/],
  [{ scheme: 'stripe', secrets: [{ value: 7 }] }, /\/secrets\/0\/value: Expected a string/],
  [{ scheme: 'stripe', secrets: [{ value: 'a', notAfter: 'x' }] }, /\/secrets\/0\/notAfter: /],
  [{ scheme: 'stripe', secrets: ['a', ''] }, /\/secrets/],
  [{ scheme: 'standard', secrets: ['whsec_%%%'] }, /\/secrets/],
  [{ scheme: 'discord', secrets: ['00'.repeat(32)], keys: ['no key'] }, /\/(keys|secrets)/],
  [{ scheme: 'stripe', secrets: Array(65).fill('a') }, /\/secrets: At most 64/],
  [{ scheme: 'stripe', secrets: ['a'], secret: 'a' }, /\/secret: Unknown key "secret"/],
  [{ scheme: 'stripe', secrets: ['a'], url: 7 }, /\/url: Expected a string/],
  [{ scheme: 'stripe', secrets: ['a'], documents: { x: 7 } }, /\/documents\/x\/text: /],
  [undefined, /Expected an object, found undefined/],
  ['stripe', /Expected an object, found string/],
];

describe('configs', () => {
  for (const [config, says] of FAULTS) {
    test(`${JSON.stringify(config)?.slice(0, 70)} is refused`, () => {
      for (const call of [verify, sign, handshake]) {
        assert.throws(() => call(request, config), { name: 'TypeError', message: says });
      }
    });
  }

  test('a message never holds a secret', () => {
    const config = { scheme: 'standard', secrets: ['whsec_%%%-very-secret'] };
    assert.throws(() => verify(request, config), (error) => !error.message.includes('secret-'));
    assert.throws(() => verify(request, config), (error) => !error.message.includes('%%%'));
  });

  test('a body that was parsed is refused', () => {
    const config = { scheme: 'stripe', secrets: ['a'] };
    for (const body of [{}, [], null, undefined, 7]) {
      assert.throws(() => verify({ headers: {}, body }, config), /raw bytes/);
    }
  });

  test('what a scheme cannot sign is told', () => {
    const config = { scheme: 'standard', secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] };
    assert.throws(() => sign(request, config), /not signed/);
  });
});
