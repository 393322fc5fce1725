// `sluice send` plays providers of many shapes against a real server: what is signed is accepted,
// forged and stale ones are refused, and what comes twice is one event.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';

import { Admin } from '../../examples/relay/admin.mjs';
import { setUp } from '../../examples/relay/relay.mjs';
import { binary } from '../../examples/relay/server.mjs';
import { directory, runtime } from './lane.mjs';

const schemes = [
  'adyen', 'airtable', 'braintree', 'discord', 'docusign', 'github', 'gitlab-token', 'hubspot',
  'linear', 'mailgun', 'mercado-pago', 'recurly', 'sendgrid', 'shopify', 'slack', 'square',
  'standard', 'stripe', 'telnyx', 'trello', 'twilio', 'twitch', 'wise', 'zendesk',
];

const acme = {
  algorithm: 'hmac-sha512',
  signature: { from: 'header:x-acme-signature', prefix: 'sig=', encoding: 'base64' },
  message: 'acme:{header:x-acme-id}:{timestamp}:{body}',
  time: { from: 'header:x-acme-timestamp', format: 'ms', past_ms: 60000 },
  identity: ['header:x-acme-id'],
};

/** @type {Awaited<ReturnType<typeof setUp>>} */
let relay;
/** @type {Admin} */
let admin;
/** What signs, by source: options of the command. @type {Map<string, string[]>} */
const signers = new Map();
/** @type {Map<string, any>} */
const definitions = new Map();
const folder = directory('send');

/** The command's exit code and output. @param {string[]} args */
function sluice(args) {
  return new Promise((resolve) => {
    execFile(binary, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

async function send(source, scheme, ...flags) {
  const to = `${relay.server.url}/in/${source}`;
  const { code, stdout, stderr } = await sluice(
    ['send', '--scheme', scheme, '--to', to, '--json', ...(signers.get(source) ?? []), ...flags]);
  assert.ok(stdout.startsWith('{'), `${scheme}: ${stdout}${stderr}`);
  return { code, ...JSON.parse(stdout) };
}

const kinds = {
  ed25519: () => generateKeyPairSync('ed25519'),
  'ecdsa-p256-sha256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'ecdsa-p384-sha384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
};

/** A secret or a key pair of the scheme's form; what goes into the environment. */
function makeSigner(source, definition) {
  const { form, prefix = '' } = definition.key ?? {};
  if (definition.family === 'asymmetric') {
    const make = kinds[definition.algorithm]
      ?? (() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
    const { publicKey, privateKey } = make();
    const file = join(folder, `${source}.pem`);
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    signers.set(source, ['--key', file]);
    return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  }
  const bytes = randomBytes(32);
  let secret = prefix + bytes.toString(form === 'base64' ? 'base64' : 'hex');
  if (definition.signature?.field_is_key_id) {
    secret = `key1${definition.signature.separator}${secret}`;
  }
  signers.set(source, ['--secret', secret]);
  return secret;
}

before(async () => {
  relay = await setUp({
    runtime,
    directory: folder,
    api: { count: 0 },
    change: (manifest) => {
      manifest.steps = {};
      manifest.links = {};
      manifest.routes = [];
      manifest.sources = {};
    },
  });
  mkdirSync(folder, { recursive: true });
  const { manifest, environment } = relay;
  const add = (source, scheme, definition) => {
    const variable = `${source.toUpperCase().replaceAll('-', '_')}_SECRET`;
    environment[variable] = makeSigner(source, definition);
    manifest.sources[source] = { scheme, secrets: [`env:${variable}`] };
  };
  for (const scheme of schemes) {
    const { stdout, stderr } = await sluice(['schemes', scheme, '--json']);
    assert.ok(stdout.startsWith('{'), `${scheme}: ${stderr}`);
    const { definition } = JSON.parse(stdout);
    definitions.set(scheme, definition);
    add(scheme, scheme, definition);
  }
  manifest.schemes = { acme };
  add('orders', 'acme', acme);
  add('refunds', { like: 'acme', time: { past_ms: 1000 } }, acme);
  writeFileSync(join(folder, 'acme.json'), JSON.stringify(acme));
  await relay.server.start();
  admin = new Admin(relay.server.url, environment.SLUICE_ADMIN_TOKEN);
}, { timeout: 120_000 });

after(async () => {
  await relay?.tearDown();
});

const accepted = async () => (await admin.all('events')).length;

for (const scheme of schemes) {
  test(`${scheme}: signed is accepted, twice is one event, forged is refused`, async () => {
    const before = await accepted();
    const sent = await send(scheme, scheme, '--duplicate');
    assert.equal(sent.code, 0, JSON.stringify(sent));
    assert.deepEqual(sent.requests.map((one) => one.answer.status), [200, 200]);
    const [first, again] = sent.requests.map((one) => JSON.parse(one.answer.body).id);
    assert.equal(first, again);
    assert.equal(await accepted(), before + 1);

    const forged = await send(scheme, scheme, '--forge');
    assert.equal(forged.code, 1);
    assert.equal(forged.status, 401);
    assert.equal(await accepted(), before + 1);
  });
}

test('what was signed long ago is refused, by every scheme that signs a time', async () => {
  let timed = 0;
  for (const scheme of schemes) {
    const flags = ['send', '--scheme', scheme, '--to', `${relay.server.url}/in/${scheme}`,
      '--stale', ...(signers.get(scheme) ?? [])];
    const { code, stdout, stderr } = await sluice(flags);
    if (definitions.get(scheme).time?.from === undefined) {
      assert.equal(code, 2, `${scheme}: ${stdout}`);
      continue;
    }
    timed += 1;
    assert.equal(code, 1, `${scheme}: ${stdout}${stderr}`);
    assert.match(stdout, /^401 /m);
  }
  assert.ok(timed >= 8, `${timed}`);
});

test('several deliveries are several events', async () => {
  const before = await accepted();
  const sent = await send('github', 'github', '--count', '3', '--event', 'release');
  assert.equal(sent.requests.length, 3);
  assert.ok(sent.requests.every((one) => one.headers['x-github-event'] === 'release'));
  assert.equal(await accepted(), before + 3);
});

test("a user's own scheme: by name, laid over by its source, and from a file", async () => {
  const file = join(folder, 'acme.json');
  for (const source of ['orders', 'refunds']) {
    assert.equal((await send(source, file)).code, 0);
    assert.equal((await send(source, file, '--forge')).status, 401);
  }
  const old = String(Date.now() - 10_000);
  assert.equal((await send('orders', file, '--now', old)).status, 200);
  assert.equal((await send('refunds', file, '--now', old)).status, 401);
});

test('without a key a new pair is made, whose public half has to be configured', async () => {
  const key = join(folder, 'new.pem');
  const args = ['send', '--scheme', 'discord', '--to', `${relay.server.url}/in/discord`];
  const { code, stderr } = await sluice([...args, '--key-out', key]);
  assert.equal(code, 1);
  assert.match(stderr, /-----BEGIN PUBLIC KEY-----/);
  const again = await sluice([...args, '--key', key]);
  assert.equal(again.code, 1);
  assert.match(again.stdout, /^401 /m);
});

test('what the command cannot use is named', async () => {
  const to = `${relay.server.url}/in/github`;
  const body = join(folder, 'no-such-body.json');
  /** @type {[string[], string][]} */
  const cases = [
    [['--secret', 'env:NO_SUCH_SECRET', '--to', to], 'no variable "NO_SUCH_SECRET"'],
    [['--key', body, '--to', to], `--key: the file "${body}" does not exist`],
    [['--secret', 's', '--to', to, '--body', body], `--body: the file "${body}" does not exist`],
    [['--secret', 's', '--to', 'ftp://h/'], 'ftp://h/: this is no URL of http:// or https://'],
    [['--secret', 's', '--to', 'http://127.0.0.1:1/'], 'does not accept connections'],
  ];
  for (const [args, what] of cases) {
    const { code, stdout, stderr } = await sluice(['send', '--scheme', 'github', ...args]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.ok(stderr.includes(what), stderr);
  }
});

test('the secrets are listed, each with when it was last seen', async () => {
  const from = Date.now();
  assert.equal((await send('github', 'github')).code, 0);
  const asked = ['keys', '--url', relay.server.url, '--limit', '200'];
  const listed = await sluice([...asked, '--token', relay.environment.SLUICE_ADMIN_TOKEN]);
  assert.equal(listed.code, 0, listed.stderr);
  const [head, ...rows] = listed.stdout.trim().split('\n').map((line) => line.split(/\s{2,}/));
  assert.deepEqual(head, ['source', 'position', 'secret', 'state', 'last_seen', 'not_after']);
  const github = rows.find(([source]) => source === 'github');
  assert.match(github?.[2] ?? '', /^env:\w+$/);
  assert.equal(github[3], 'valid');
  // Written at most once an hour, so it may be of the tests before.
  assert.ok(Math.abs(Date.parse(github[4]) - from) < 3_600_000, github[4]);
  const refused = await sluice([...asked, '--token', 'none']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /401/);
});
