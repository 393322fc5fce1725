// Is a signature checked as fast in wasm as by what the platform has?
//
// HMAC-SHA256 alone against node:crypto and WebCrypto; a whole verification against the providers'
// own libraries. Bodies are bytes for us and for the platform, and strings for the libraries, as
// each wants them: the copy into the module's memory is part of our time.

import { execFileSync } from 'node:child_process';
import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { verify as octokitVerify } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

import { FrameWriter, utf8Bytes } from '../host-shims/shared/frames.ts';
import { figure, race } from './measure.mjs';
import { ratio, target } from './report.mjs';

const kSizes = [1024, 4096, 16384];

/** The module alone; what its C library would import is never asked for. */
class VerifyModule {
  constructor(bytes) {
    const module = new WebAssembly.Module(bytes);
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      imports[from] ??= {};
      imports[from][name] = () => { throw new Error(`${name} was called`); };
    }
    this.exports = new WebAssembly.Instance(module, imports).exports;
    this.exports._initialize();
    this.input = this.exports.bench_alloc(65536);
    this.secret = this.exports.bench_alloc(256);
    this.digest = this.exports.bench_alloc(32);
    this.refresh();
  }

  /** Memory may have grown. */
  refresh() {
    this.memory = new Uint8Array(this.exports.memory.buffer);
  }

  prepare(scheme, secret) {
    const frame = new FrameWriter().bytes(utf8Bytes(scheme)).bytes(utf8Bytes(secret)).take();
    this.memory.set(frame, this.input);
    const key = this.exports.bench_prepare(this.input, frame.length);
    if (key < 0) throw new Error(`no scheme ${scheme}`);
    this.refresh();
    return key;
  }

  hmac(key, bytes) {
    this.memory.set(bytes, this.input);
    this.exports.bench_hmac(key, this.input, bytes.length, this.digest);
    return this.memory.slice(this.digest, this.digest + 32);
  }

  hmacOf(secret, bytes) {
    this.memory.set(secret, this.secret);
    this.memory.set(bytes, this.input);
    this.exports.bench_hmac_of(
      this.secret, secret.length, this.input, bytes.length, this.digest);
    return this.memory.slice(this.digest, this.digest + 32);
  }

  verify(key, headers, bytes) {
    // The body is copied once: behind what the frame has before it.
    const head = new FrameWriter().headers(headers).u32(bytes.length).take();
    this.memory.set(head, this.input);
    this.memory.set(bytes, this.input + head.length);
    const size = head.length + bytes.length;
    return this.exports.bench_verify(key, this.input, size, Date.now()) === 1;
  }
}

function expect(claim, holds) {
  if (!holds) throw new Error(`the contenders do not agree: ${claim}`);
}

async function hmacRow(module, size) {
  const secret = randomBytes(32);
  const bytes = randomBytes(size);
  const key = module.prepare('github', secret.toString('hex'));
  const secretText = utf8Bytes(secret.toString('hex'));
  const nodeKey = createSecretKey(secretText);
  const webKey = await crypto.subtle.importKey(
    'raw', secretText, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const byNode = () => createHmac('sha256', nodeKey).update(bytes).digest();
  expect('prepared key', timingSafeEqual(module.hmac(key, bytes), byNode()));
  expect('fresh key', timingSafeEqual(module.hmacOf(secretText, bytes), byNode()));
  return race({
    wasm: { run: () => module.hmac(key, bytes) },
    wasmFresh: { run: () => module.hmacOf(secretText, bytes) },
    node: { run: byNode },
    web: { run: () => crypto.subtle.sign('HMAC', webKey, bytes), isAsync: true },
  });
}

/** The same code natively, by Google Benchmark; microseconds for each size. */
function native(program) {
  const output = execFileSync(
    program, ['--benchmark_format=json', '--benchmark_min_time=0.2'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const { benchmarks } = JSON.parse(output);
  return kSizes.map((size) => {
    const found = benchmarks.find(({ name }) => name === `hmac_sha256/${size}`);
    return found.cpu_time / 1000;
  });
}

const whsec = `whsec_${randomBytes(32).toString('base64')}`;
const stripe = new Stripe('sk_test_not_used');

/** One signed request of each provider, and how its own library verifies it. */
async function requests(size) {
  const text = JSON.stringify({ id: 'evt_1', object: 'event', text: 'x'.repeat(size - 44) });
  const now = new Date();
  const seconds = String(Math.floor(now.getTime() / 1000));
  const like = async (Webhook, prefix) => {
    const webhook = new Webhook(whsec);
    const headers = {
      [`${prefix}-id`]: 'msg_1',
      [`${prefix}-timestamp`]: seconds,
      [`${prefix}-signature`]: await webhook.sign('msg_1', now, text),
    };
    return { headers, run: () => webhook.verify(text, headers), isAsync: false };
  };
  const stripeSignature = stripe.webhooks.generateTestHeaderString({
    payload: text, secret: whsec, timestamp: Number(seconds),
  });
  const github = `sha256=${createHmac('sha256', whsec).update(text).digest('hex')}`;
  return {
    text,
    schemes: {
      standard: { library: 'standardwebhooks', ...await like(StandardWebhook, 'webhook') },
      svix: { library: 'svix', ...await like(SvixWebhook, 'svix') },
      stripe: {
        library: 'stripe',
        headers: { 'stripe-signature': stripeSignature },
        run: () => stripe.webhooks.constructEvent(text, stripeSignature, whsec),
        isAsync: false,
      },
      'stripe, no parsing': {
        library: 'stripe, verifyHeader',
        headers: { 'stripe-signature': stripeSignature },
        run: () => stripe.webhooks.signature.verifyHeader(text, stripeSignature, whsec),
        isAsync: false,
      },
      github: {
        library: '@octokit/webhooks-methods',
        headers: { 'x-hub-signature-256': github },
        run: () => octokitVerify(whsec, text, github),
        isAsync: true,
      },
    },
  };
}

async function verifyRows(module, size) {
  const { text, schemes } = await requests(size);
  const bytes = utf8Bytes(text);
  const rows = [];
  for (const [scheme, { library, headers, run, isAsync }] of Object.entries(schemes)) {
    const key = module.prepare(scheme.split(',')[0], whsec);
    const list = Object.entries(headers);
    expect(scheme, module.verify(key, list, bytes));
    expect(`${scheme}, changed`, !module.verify(key, list, utf8Bytes(`${text} `)));
    await run();  // Throws where it refuses.
    const { ours, theirs } = await race({
      ours: { run: () => module.verify(key, list, bytes) },
      theirs: { run, isAsync },
    });
    rows.push({ scheme, library, size, ours, theirs });
  }
  return rows;
}

export async function run({ modules, programs }) {
  const module = new VerifyModule(readFileSync(join(modules, 'verify_module.wasm')));
  const natives = native(join(programs, 'verify_native'));
  const hmacs = [];
  for (const size of kSizes) hmacs.push(await hmacRow(module, size));
  const verified = [];
  for (const size of kSizes) verified.push(...await verifyRows(module, size));
  const slowest = verified.filter(({ size, scheme }) => size === 1024 && scheme !== 'github');
  return {
    title: 'verify: signatures in wasm',
    tables: [
      {
        title: 'HMAC-SHA256, microseconds',
        columns: ['body', 'wasm', 'wasm, key not prepared', 'node:crypto', 'WebCrypto, awaited',
          'the same code natively', 'wasm to node:crypto'],
        rows: hmacs.map(({ wasm, wasmFresh, node, web }, at) => [
          `${kSizes[at] / 1024} KiB`, figure(wasm), figure(wasmFresh), figure(node), figure(web),
          figure(natives[at]), ratio(wasm, node)]),
      },
      {
        title: 'A whole verification, microseconds',
        columns: ['scheme', 'body', 'wasm', 'library', 'its time', 'wasm is faster by'],
        rows: verified.map(({ scheme, size, ours, library, theirs }) => [
          scheme, `${size / 1024} KiB`, figure(ours), library, figure(theirs),
          ratio(theirs, ours)]),
      },
    ],
    targets: [
      target('HMAC-SHA256 of 1 KiB in wasm, times node:crypto', '<=', 2,
        hmacs[0].wasm / hmacs[0].node),
      ...slowest.map(({ library, ours, theirs }) => (
        target(`1 KiB: times the speed of ${library}`, '>=', 1, theirs / ours))),
    ],
    notes: [
      '`standardwebhooks`, `svix` and `constructEvent` of `stripe` also parse the body; we do not.',
      'For `github` we also make the digest of what was signed: its id is not.',
      'Each wasm figure has the copy of the body into the module in it.',
    ],
  };
}
