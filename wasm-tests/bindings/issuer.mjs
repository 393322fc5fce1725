// A provider that publishes its keys, and a scheme for its tokens.

import { createHash, createSign, generateKeyPairSync } from 'node:crypto';

export const keysUrl = 'https://keys.example/jwks.json';
export const body = '{"id":"evt_1"}';
export const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const keySet = (kid) => JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }],
});

export const scheme = {
  name: 'issuer',
  family: 'jwt',
  algorithm: 'rsa-pkcs1-sha256',
  signature: { from: 'header:authorization', prefix: 'Bearer ' },
  key: { form: 'public-key' },
  jwt: { algorithms: ['RS256'] },
  time: { from: 'claim:iat' },
  body_digest: { from: 'claim:sha256', encoding: 'hex' },
  fetched: { url: keysUrl },
};

/** A token for `body`, signed at `now`, in milliseconds since 1970. */
export function token(kid, now, signer = privateKey) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sha256 = createHash('sha256').update(body).digest('hex');
  const claims = { iat: Math.floor(now / 1000), sha256 };
  const signed = `${part({ alg: 'RS256', kid })}.${part(claims)}`;
  return `${signed}.${createSign('sha256').update(signed).sign(signer, 'base64url')}`;
}
