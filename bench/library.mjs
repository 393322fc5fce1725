// The package beside the providers' own libraries and the platform's cryptography, in Node; and
// beside WebCrypto in workerd, where each verification of a Worker would be one.
//
// The same core natively is beside both: what a program in C would see.
//
// Each contender gets what it wants: bytes or text, its own object of headers. Bodies have 1 KiB.
// A config is made once, as the package's README says; libraries that keep an object keep theirs.

import { execFileSync } from 'node:child_process';
import { createHmac, createPublicKey, createSign, createVerify, generateKeyPairSync, randomBytes,
  sign as signBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { EventWebhook } from '@sendgrid/eventwebhook';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

import { sign, verify } from '../build/sluice-webhooks/node.js';
import { inWorkerd } from './library_workerd.mjs';
import { figure, race } from './measure.mjs';
import { ratio, target } from './report.mjs';

const text = JSON.stringify({ id: 'evt_1', object: 'event', text: 'x'.repeat(980) });
const bytes = new TextEncoder().encode(text);
const secret = `whsec_${randomBytes(24).toString('base64')}`;
const url = 'https://hooks.example/in';

function signed(config) {
  const request = { id: 'msg_1', method: 'POST', url, headers: {}, body: bytes };
  const headers = Object.fromEntries(sign(request, config).headers);
  return { method: 'POST', url, headers: { host: 'hooks.example', ...headers }, body: bytes };
}

function ours(config, request = signed(config)) {
  const run = () => {
    const verdict = verify(request, config);
    if (!verdict.ok) throw new Error(`refused: ${verdict.reason} ${verdict.detail}`);
  };
  run();
  return { request, contender: { run } };
}

function truthy(run) {
  return () => {
    if (!run()) throw new Error('refused');
  };
}

/** The scheme alone, by the platform. */
async function platform() {
  const raw = { secret: randomBytes(32), signature: Buffer.alloc(0) };
  raw.signature = createHmac('sha256', raw.secret).update(bytes).digest();
  const key = await crypto.subtle.importKey(
    'raw', raw.secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return {
    node: {
      run: truthy(() => timingSafeEqual(
        createHmac('sha256', raw.secret).update(bytes).digest(), raw.signature)),
    },
    web: { run: () => crypto.subtle.verify('HMAC', key, raw.signature, bytes), isAsync: true },
  };
}

function standardLike(scheme, Webhook) {
  const config = { scheme, secrets: [secret] };
  const { request, contender } = ours(config);
  const library = new Webhook(secret);
  return { ours: contender, theirs: { run: () => library.verify(text, request.headers) } };
}

function stripe() {
  const config = { scheme: 'stripe', secrets: [secret] };
  const { request, contender } = ours(config);
  const library = new Stripe('sk_test_not_used');
  const header = request.headers['stripe-signature'];
  return {
    ours: contender,
    theirs: { run: () => library.webhooks.constructEvent(text, header, secret) },
    alone: { run: () => library.webhooks.signature.verifyHeader(text, header, secret) },
  };
}

function sendgrid() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const shown = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const at = String(Math.floor(Date.now() / 1000));
  const signature = createSign('sha256').update(at).update(bytes).sign(privateKey, 'base64');
  const request = {
    method: 'POST',
    url,
    body: bytes,
    headers: {
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': at,
    },
  };
  const library = new EventWebhook();
  const key = library.convertPublicKeyToECDSA(shown);
  const nodeKey = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    ours: ours({ scheme: 'sendgrid', keys: [shown] }, request).contender,
    theirs: { run: truthy(() => library.verifySignature(key, text, signature, at)) },
    node: {
      run: truthy(() => createVerify('sha256').update(at).update(bytes)
        .verify(nodeKey, signature, 'base64')),
    },
  };
}

/** A scheme of public keys, beside the platform's own verification. */
function publicKey(type, options, algorithm, hash) {
  const pair = generateKeyPairSync(type, options);
  const signature = signBytes(hash, bytes, pair.privateKey);
  const scheme = {
    name: 'bench', family: 'asymmetric', algorithm, message: '{body}', key: { form: 'public-key' },
    signature: { from: 'header:x-signature', encoding: 'base64' },
  };
  const request = {
    method: 'POST', url, body: bytes, headers: { 'x-signature': signature.toString('base64') },
  };
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' });
  return ours({ scheme, keys: [pem] }, request).contender;
}

/** Microseconds of a whole verification by the same code natively, by scheme. */
function natively(programs) {
  const output = execFileSync(
    join(programs, 'verify_native'),
    ['--benchmark_format=json', '--benchmark_filter=^verify/', '--benchmark_min_time=0.2'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return Object.fromEntries(JSON.parse(output).benchmarks.map((benchmark) => {
    if (benchmark.error_occurred) throw new Error(`${benchmark.name}: ${benchmark.error_message}`);
    return [benchmark.name.slice('verify/'.length), benchmark.cpu_time / 1000];
  }));
}

export async function run(context) {
  const native = natively(context.programs);
  const { node, web } = await platform();
  const github = ours({ scheme: 'github', secrets: [secret] }).contender;
  const hmac = await race({ github, node, web });
  const pairs = {
    stripe: await race(stripe()),
    standard: await race(standardLike('standard', StandardWebhook)),
    svix: await race(standardLike('svix', SvixWebhook)),
  };
  pairs.sendgrid = await race(sendgrid());
  const keys = await race({
    rsa: { run: publicKey('rsa', { modulusLength: 2048 }, 'rsa-pkcs1-sha256', 'sha256').run },
    ed25519: { run: publicKey('ed25519', undefined, 'ed25519', null).run },
  }, 31);
  const sent = signed({ scheme: 'github', secrets: [secret] });
  const workerd = await inWorkerd(context, { secret, signed: sent, text });
  const module = new URL('../build/sluice-webhooks/sluice_verify.wasm', import.meta.url);
  const size = gzipSync(readFileSync(module), { level: 9 }).length;
  const least = { stripe: 2, standard: 4, svix: 4, sendgrid: 20 };
  return {
    title: 'library: the package beside others, 1 KiB',
    tables: [
      {
        title: 'A whole verification, microseconds',
        columns: ['scheme', 'package', 'library', 'faster by', 'native', 'faster by'],
        rows: Object.entries(pairs).map(([name, { ours: own, theirs }]) => (
          [name, figure(own), figure(theirs), ratio(theirs, own), figure(native[name]),
            ratio(theirs, native[name])])),
      },
      {
        title: 'Beside the platform, microseconds',
        columns: ['', 'time'],
        rows: [
          ['the package, github', figure(hmac.github)],
          ['the package, stripe', figure(pairs.stripe.ours)],
          ['stripe, verifyHeader', figure(pairs.stripe.alone)],
          ['node:crypto, HMAC and comparison alone', figure(hmac.node)],
          ['WebCrypto, one awaited verify', figure(hmac.web)],
          ['the package, RSA 2048', figure(keys.rsa)],
          ['the package, Ed25519', figure(keys.ed25519)],
          ['in workerd: the package, github', figure(workerd.sluice)],
          ['in workerd: WebCrypto, one awaited verify', figure(workerd.web)],
        ],
      },
    ],
    targets: [
      ...Object.entries(pairs).map(([name, { ours: own, theirs }]) => (
        target(`times the speed of the library of ${name}`, '>=', least[name], theirs / own))),
      ...Object.entries(pairs).map(([name, { theirs }]) => (
        target(`natively: times the speed of the library of ${name}`, '>=', 1.2,
          theirs / native[name]))),
      target('times the speed of HMAC by node:crypto', '>=', 0.5, hmac.node / hmac.github),
      target('times the speed of one awaited verify of WebCrypto', '>=', 8, hmac.web / hmac.github),
      target('in workerd: times the speed of one awaited verify of WebCrypto', '>=', 1,
        workerd.web / workerd.sluice),
      target('RSA 2048', '<=', 250, keys.rsa, ' us'),
      target('Ed25519', '<=', 100, keys.ed25519, ' us'),
      target('the module that verifies, compressed', '<=', 120_000, size, ' bytes'),
    ],
    notes: [
      '`github` and `stripe` also name the delivery, by a header and by an id in the body; '
        + '`node:crypto` and WebCrypto compare one HMAC, with a key that is ready.',
    ],
  };
}
