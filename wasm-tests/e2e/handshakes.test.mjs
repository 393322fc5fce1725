// Providers ask whether an address is ours, over a socket: each in its own way, none is stored.

import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import test, { after, before } from 'node:test';

import { Admin } from '../../examples/relay/admin.mjs';
import { setUp } from '../../examples/relay/relay.mjs';
import { ask, directory, runtime } from './lane.mjs';

const SECRET = 'the secret of all of them';
const TOKEN = 'meatyhamhock';
const keys = generateKeyPairSync('ed25519');

/** @type {Awaited<ReturnType<typeof setUp>>} */
let relay;
/** @type {import('node:http').Server} */
let provider;
const confirmed = [];
let confirmStatus = 200;

const url = (path) => relay.server.url + path;
const hmac = (text, encoding = 'hex') =>
  createHmac('sha256', SECRET).update(text).digest(encoding);
const now = () => Math.floor(Date.now() / 1000);

const post = (path, body, headers) => ask(url(path), {
  method: 'POST', body, headers: { 'content-type': 'application/json', ...headers },
});

function slack(body, secret = SECRET) {
  const time = String(now());
  const hex = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': time, 'x-slack-signature': `v0=${hex}` };
}

async function eventCount() {
  const admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
  return (await admin.get('events?limit=100')).items.length;
}

before(async () => {
  provider = createServer((request, response) => {
    confirmed.push(request.url);
    response.writeHead(confirmStatus).end();
  });
  await new Promise((done) => provider.listen(0, '127.0.0.1', done));
  const source = (scheme, more = {}) => ({ scheme, secrets: ['env:PROVIDER'], ...more });
  const bare = { like: 'github', identity: null };
  relay = await setUp({
    runtime,
    directory: directory('handshakes'),
    api: { count: 0 },
    change: (manifest) => {
      manifest.steps = {};
      manifest.links = {};
      manifest.routes = [];
      manifest.sources = {
        slack: source({ like: 'slack', handshake: 'slack' }),
        meta: source({ ...bare, handshake: 'meta' }, { verify_token: 'env:VERIFY' }),
        x: source({
          signature: { from: 'header:x-twitter-webhooks-signature', prefix: 'sha256=',
            encoding: 'base64' },
          message: '{body}',
          handshake: 'x',
        }),
        events: source({ ...bare, handshake: 'cloud-events' }),
        twitch: source({
          signature: { from: 'header:twitch-eventsub-message-signature', prefix: 'sha256=' },
          message: '{header:twitch-eventsub-message-id}{timestamp}{body}',
          time: { from: 'header:twitch-eventsub-message-timestamp', format: 'rfc3339',
            past_ms: 600000 },
          identity: ['header:twitch-eventsub-message-id'],
          handshake: 'twitch',
        }),
        discord: {
          scheme: {
            family: 'asymmetric',
            algorithm: 'ed25519',
            signature: { from: 'header:x-signature-ed25519', encoding: 'hex' },
            key: { form: 'public-key' },
            message: '{timestamp}{body}',
            time: { from: 'header:x-signature-timestamp' },
            handshake: 'discord',
          },
          secrets: ['env:DISCORD'],
        },
        confirmed: source({
          ...bare,
          handshake: [{
            when: { 'json:/Type': 'SubscriptionConfirmation' },
            fetch: 'json:/SubscribeURL',
            fetch_hosts: ['127.0.0.1'],
            verify_first: true,
          }],
        }),
        plain: source('github'),
      };
    },
  });
  const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  Object.assign(relay.environment, {
    PROVIDER: SECRET, VERIFY: TOKEN, DISCORD: publicKey.toString('hex'),
  });
  await relay.server.start();
}, { timeout: 90_000 });

after(async () => {
  await relay?.tearDown();
  provider?.close();
});

test('Slack: the challenge, to whoever signs it', async () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: '3eZbrw1aBm2rZgRNFdxV' });
  const answer = await post('/in/slack', body, slack(body));
  assert.equal(answer.status, 200);
  assert.equal(answer.text, '3eZbrw1aBm2rZgRNFdxV');
  assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.equal((await post('/in/slack', body, slack(body, 'another'))).status, 401);
  assert.equal((await post('/in/slack', body, {})).status, 401);
});

test('Meta: the challenge of the query, to whoever knows the verify token', async () => {
  const query = (token) => '?' + new URLSearchParams({
    'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': token,
  });
  const answer = await ask(url('/in/meta' + query(TOKEN)));
  assert.equal(answer.status, 200);
  assert.equal(answer.text, '1158201444');
  const refused = await ask(url('/in/meta' + query('another')));
  assert.equal(refused.status, 401);
  assert.doesNotMatch(refused.text, /1158201444|token/);
  const neither = await ask(url('/in/meta'));
  assert.equal(neither.status, 405);
  assert.equal(neither.headers.get('allow'), 'GET, POST');
  const stranger = await ask(url('/in/nobody/meta' + query(TOKEN)));
  assert.equal(stranger.text, refused.text);
});

test('X: the token, hashed', async () => {
  const answer = await ask(url('/in/x?crc_token=NGY5NmRkYzUtYjA5MC00&nonce=1'));
  assert.deepEqual(JSON.parse(answer.text),
    { response_token: 'sha256=' + hmac('NGY5NmRkYzUtYjA5MC00', 'base64') });
  assert.equal((await ask(url('/in/x?crc_token=' + encodeURIComponent('{"a":1}')))).status, 401);
});

test('CloudEvents: consent, to the origin that asks', async () => {
  const answer = await ask(url('/in/events'), {
    method: 'OPTIONS', headers: { 'WebHook-Request-Origin': 'eventemitter.example.com' },
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('webhook-allowed-origin'), 'eventemitter.example.com');
  assert.equal(answer.headers.get('webhook-allowed-rate'), '*');
  assert.equal((await ask(url('/in/events'), { method: 'OPTIONS' })).status, 405);
});

test('Twitch: the challenge, verified first', async () => {
  const body = JSON.stringify({ challenge: 'pogchamp-kappa-360noscope-vohiyo' });
  const id = 'f1c2a387-161a-49f9-a165-0f21d7a4e1c4';
  const time = new Date().toISOString();
  const headers = (signature) => ({
    'twitch-eventsub-message-id': id,
    'twitch-eventsub-message-timestamp': time,
    'twitch-eventsub-message-type': 'webhook_callback_verification',
    'twitch-eventsub-message-signature': `sha256=${signature}`,
  });
  const answer = await post('/in/twitch', body, headers(hmac(id + time + body)));
  assert.equal(answer.status, 200);
  assert.equal(answer.text, 'pogchamp-kappa-360noscope-vohiyo');
  assert.equal((await post('/in/twitch', body, headers(hmac(body)))).status, 401);
});

test('Discord: PONG for a PING, verified first', async () => {
  const body = JSON.stringify({ type: 1, id: '1', token: 't' });
  const time = String(now());
  const headers = {
    'x-signature-timestamp': time,
    'x-signature-ed25519': sign(null, Buffer.from(time + body), keys.privateKey).toString('hex'),
  };
  const answer = await post('/in/discord', body, headers);
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(answer.text), { type: 1 });
  assert.equal((await post('/in/discord', body + ' ', headers)).status, 401);
});

test('a subscription is confirmed at its URL, and asked for again when that fails', async () => {
  const { port } = provider.address();
  const confirm = (url) => {
    const body = JSON.stringify({ Type: 'SubscriptionConfirmation', SubscribeURL: url });
    return post('/in/confirmed', body, { 'x-hub-signature-256': `sha256=${hmac(body)}` });
  };
  const good = `http://127.0.0.1:${port}/?Action=ConfirmSubscription&Token=1`;
  assert.equal((await confirm(good)).status, 200);
  assert.deepEqual(confirmed, ['/?Action=ConfirmSubscription&Token=1']);
  confirmStatus = 500;
  const failed = await confirm(good);
  assert.equal(failed.status, 503);
  assert.ok(failed.headers.get('retry-after'));
  assert.equal((await confirm(`http://localhost:${port}/`)).status, 401);
  assert.equal((await confirm('https://evil.example/')).status, 401);
  assert.equal(confirmed.length, 2);
});

test('other methods are refused, and say what is taken', async () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT']) {
    const answer = await ask(url('/in/plain'), { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.get('allow'), 'POST', method);
  }
  assert.equal((await ask(url('/in/meta'), { method: 'DELETE' })).headers.get('allow'),
    'GET, POST');
});

test('no question was stored; the operator sees why some were refused', async () => {
  assert.equal(await eventCount(), 0);
  const admin = new Admin(relay.server.url, relay.environment.SLUICE_ADMIN_TOKEN);
  const reasons = (await admin.get('refusals?source=slack')).items.map(({ reason }) => reason);
  assert.ok(reasons.includes('signature_mismatch'));
});
