// The example of docs/library.md that fetches published keys, as it stands there. Its scheme alone
// is another: one whose keys can be made here.

import assert from 'node:assert/strict';
import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { library } from './library.mjs';

const guide = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8');
const example = [...guide.matchAll(/```js\n([\s\S]*?)```/g)]
  .map(([, code]) => code)
  .find((code) => code.includes('wanted'));

const kKeys = 'https://keys.example/jwks.json';
const scheme = {
  name: 'issuer',
  family: 'jwt',
  algorithm: 'rsa-pkcs1-sha256',
  signature: { from: 'header:authorization', prefix: 'Bearer ' },
  key: { form: 'public-key' },
  jwt: { algorithms: ['RS256'] },
  time: { from: 'claim:iat' },
  body_digest: { from: 'claim:sha256', encoding: 'hex' },
  fetched: { url: kKeys },
};

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keySet = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] });

function request(signer = privateKey) {
  const body = '{"id":"evt_1"}';
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iat: Math.floor(Date.now() / 1000), sha256: createHash('sha256').update(body).digest('hex'),
  };
  const text = `${part({ alg: 'RS256', kid: 'k1' })}.${part(claims)}`;
  const signature = createSign('sha256').update(text).sign(signer, 'base64url');
  return { headers: { authorization: `Bearer ${text}.${signature}` }, body };
}

/** The example's `check`, with answers in place of the network. */
function made(answers) {
  assert.ok(example.includes("{ scheme: 'aws-sns' }"));
  const code = example.replace("{ scheme: 'aws-sns' }", '{ scheme }');
  const asked = [];
  const fetch = async (url, options) => {
    assert.equal(options.redirect, 'error');
    asked.push(url);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const check = new Function('verify', 'fetch', 'scheme', `${code}\nreturn check;`)(
    library.verify, fetch, scheme);
  return { check, asked };
}

describe('the guide\'s example', () => {
  test('fetches a key set once', async () => {
    const { check, asked } = made([new Response(keySet)]);
    assert.equal((await check(request())).ok, true);
    assert.equal((await check(request())).ok, true);
    assert.deepEqual(asked, [kKeys]);
  });

  const failures = {
    'no such page': () => new Response('<html>', { status: 404 }),
    'a page that is no key set': () => new Response('<html>'),
    'nothing at all': () => new TypeError('fetch failed'),
    'too much': () => new Response(' '.repeat(65_537)),
  };
  for (const [name, failure] of Object.entries(failures)) {
    test(`${name} is refused, and does no harm to the next request`, async () => {
      const { check, asked } = made([failure(), new Response(keySet)]);
      assert.deepEqual(await check(request()), { ok: false, reason: 'key_unavailable' });
      assert.equal((await check(request())).ok, true);
      assert.equal(asked.length, 2);
    });
  }

  test('what a stranger made it fetch is not kept', async () => {
    const { check, asked } = made([new Response(keySet), new Response(keySet)]);
    assert.equal((await check(request(other.privateKey))).reason, 'signature_mismatch');
    assert.equal((await check(request())).ok, true);
    assert.equal(asked.length, 2);
  });
});
