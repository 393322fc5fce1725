// The providers' own libraries, all of one shape: sign, and verify.

import { randomBytes } from 'node:crypto';
import { sign as octokitSign, verify as octokitVerify } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';

const stripe = new Stripe('sk_test_not_used');
const whsec = () => `whsec_${randomBytes(32).toString('base64')}`;

/** Whether the library accepts: some answer, some throw. */
const accepts = async (check) => {
  try {
    return (await check()) !== false;
  } catch {
    return false;
  }
};

/**
 * @typedef {object} Official
 * @property {string} scheme
 * @property {string} title
 * @property {() => string} secret
 * @property {(secret: string, body: string, at: Date) => Promise<Record<string, string>>} sign
 * @property {(secret: string, body: string, headers: any) => Promise<boolean>} verify
 * @property {string} signature  The header that holds it.
 * @property {boolean} timed     Whether a time is signed.
 */

/** Signer and verifier of a library that follows Standard Webhooks, under its own header names. */
function standardLike(Webhook, scheme, title, prefix) {
  return {
    scheme,
    title,
    secret: whsec,
    signature: `${prefix}-signature`,
    timed: true,
    sign: async (secret, body, at) => {
      const id = `msg_${randomBytes(8).toString('hex')}`;
      return {
        [`${prefix}-id`]: id,
        [`${prefix}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
        [`${prefix}-signature`]: await new Webhook(secret).sign(id, at, body),
      };
    },
    verify: (secret, body, headers) => accepts(() => new Webhook(secret).verify(body, headers)),
  };
}

/** @type {Official[]} */
export const officials = [
  standardLike(StandardWebhook, 'standard', 'standardwebhooks', 'webhook'),
  standardLike(SvixWebhook, 'svix', 'svix', 'svix'),
  {
    scheme: 'stripe',
    title: 'stripe',
    secret: () => `whsec_${randomBytes(16).toString('hex')}`,
    signature: 'stripe-signature',
    timed: true,
    sign: async (secret, body, at) => ({
      'stripe-signature': stripe.webhooks.generateTestHeaderString({
        payload: body, secret, timestamp: Math.floor(at.getTime() / 1000),
      }),
    }),
    verify: (secret, body, headers) => accepts(
      () => stripe.webhooks.constructEvent(body, headers['stripe-signature'], secret)),
  },
  {
    scheme: 'github',
    title: '@octokit/webhooks-methods',
    secret: () => randomBytes(20).toString('hex'),
    signature: 'x-hub-signature-256',
    timed: false,
    sign: async (secret, body) => ({ 'x-hub-signature-256': await octokitSign(secret, body) }),
    verify: (secret, body, headers) => accepts(
      () => octokitVerify(secret, body, headers['x-hub-signature-256'])),
  },
];

/** Bodies that a library and an engine may read differently. */
export const bodies = [
  '{}',
  '{"id":"evt_1","object":"event","amount":10.50}',
  '{ "id" : "evt_2",\n\t"name": "Zo\u00eb \u4e2d\u6587 \ud83d\ude80" }\r\n',
  JSON.stringify({ id: 'evt_3', text: 'x'.repeat(70_000) }),
  '{"id":"evt_4","escaped":"\\u0000\\"\\\\"}',
];
