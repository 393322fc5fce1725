// Questions that providers ask before they send.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';

import { library } from './library.mjs';

const { handshake } = library;
const NOW = 1760000000000;
const text = (bytes) => new TextDecoder().decode(bytes);

describe('handshakes', () => {
  const meta = {
    scheme: { like: 'github', name: 'meta', handshake: 'meta' },
    secrets: ['s'],
    verifyToken: 'T',
  };
  const asked = (token) => ({
    method: 'GET',
    url: `https://hooks.example/in?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=17`,
    headers: {},
    body: '',
  });

  test('a challenge is answered to whoever knows the verify token', () => {
    const answer = handshake(asked('T'), meta);
    assert.equal(answer.kind, 'reply');
    assert.equal(answer.reply.status, 200);
    assert.equal(text(answer.reply.body), '17');
    assert.equal(handshake(asked('U'), meta).kind, 'refused');
  });

  test('one that is signed is verified first', () => {
    const body = '{"type":"url_verification","challenge":"3eZb"}';
    const seconds = NOW / 1000;
    const scheme = { like: 'slack', handshake: 'slack' };
    const slack = { scheme, secrets: ['s'], now: NOW };
    const signed = (secret) => ({
      method: 'POST',
      url: 'https://hooks.example/in',
      body,
      headers: {
        'x-slack-request-timestamp': `${seconds}`,
        'x-slack-signature':
          `v0=${createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex')}`,
      },
    });
    const answer = handshake(signed('s'), slack);
    assert.equal(answer.kind, 'reply');
    assert.match(text(answer.reply.body), /3eZb/);
    assert.deepEqual(handshake(signed('t'), slack).reason, 'signature_mismatch');
  });

  test('an event is none', () => {
    const event = { method: 'POST', url: 'https://hooks.example/in', headers: {}, body: '{}' };
    assert.deepEqual(handshake(event, meta), { kind: 'none' });
  });
});
