// More of the providers' own libraries: those that also look at a URL, a form or a key pair. Each
// verifies; `sign` is there where the library signs as well.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
const secret = () => randomBytes(24).toString('hex');
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const url = 'https://example.com/in?foo=1&bar=2';
const body = '{"id":"evt_1","type":"order.paid","name":"Zo\u00eb"}';

/** Whether the library accepts: some answer, some throw. */
const accepts = async (check) => {
  try {
    const answer = await check();
    return answer !== false && answer !== null;
  } catch {
    return false;
  }
};

/** A pair as text: what we sign with, and what the library verifies with. */
function pair(kind, options, publicForm) {
  const { privateKey, publicKey } = generateKeyPairSync(kind, options);
  return {
    ours: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    theirs: publicForm(publicKey.export({ type: 'spki', format: 'der' })),
  };
}

const shared = () => {
  const one = secret();
  return { ours: one, theirs: one };
};

/**
 * @typedef {object} Provider
 * @property {string} scheme
 * @property {string} library
 * @property {() => {ours: string, theirs: string}} keys
 * @property {string} [body]
 * @property {Record<string, string>} [headers]  Given with the request.
 * @property {(key: string, request: {headers: any, body: string, url: string}) => any} verify
 * @property {(key: string, body: string) => any} [sign]  The headers that the library makes.
 */

const twilio = load('twilio');
const { Paddle } = load('@paddle/paddle-node-sdk');
const { WorkOS } = load('@workos-inc/node');
const { WebhooksHelper } = load('square');
const { verifyKey } = load('discord-interactions');
const { EventWebhook } = load('@sendgrid/eventwebhook');
const { LinearWebhookClient } = load('@linear/sdk/webhooks');
const { signWebhookPayload, verifyWebhookSignature } = load('@notionhq/client');
const { BraintreeGateway, Environment, WebhookNotification } = load('braintree');
const Pusher = load('pusher');
const Razorpay = load('razorpay');
const sanity = load('@sanity/webhook');
const Mux = load('@mux/mux-node').default;
const gocardless = load('gocardless-nodejs/webhooks');
const { WebhookSignatureValidator } = load('mercadopago');
const EasyPost = load('@easypost/api').default ?? load('@easypost/api');
const { signatureHelper } = load('@kontent-ai/webhook-helper');
const { verifySlackRequest } = load('@slack/bolt/dist/receivers/verify-request.js');

const paddle = new Paddle('unused');
const workos = new WorkOS('unused');
const mux = new Mux({ tokenId: 'unused', tokenSecret: 'unused' });
const easypost = new EasyPost('unused');
const braintree = (privateKey) => new BraintreeGateway({
  environment: Environment.Sandbox, merchantId: 'm', publicKey: 'public_1', privateKey,
});
const pusher = (key) => new Pusher({ appId: '1', key: 'app_1', secret: key, cluster: 'eu' });

/** @type {Provider[]} */
export const providers = [
  {
    scheme: 'slack',
    library: '@slack/bolt',
    keys: shared,
    verify: (key, { headers, body: text }) => verifySlackRequest({
      signingSecret: key,
      body: text,
      headers: {
        'x-slack-signature': headers['x-slack-signature'],
        'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
      },
    }) ?? true,
  },
  {
    scheme: 'twilio',
    library: 'twilio, a form',
    keys: shared,
    body: 'To=%2B33&Body=Zo%C3%AB+%26+more&Digits=12',
    headers: form,
    verify: (key, request) => twilio.validateRequest(key, request.headers['x-twilio-signature'],
      request.url, Object.fromEntries(new URLSearchParams(request.body))),
    sign: (key, text) => ({
      'x-twilio-signature': twilio.getExpectedTwilioSignature(key, url,
        Object.fromEntries(new URLSearchParams(text))),
    }),
  },
  {
    scheme: 'twilio',
    library: 'twilio, JSON',
    keys: shared,
    headers: json,
    verify: (key, request) => twilio.validateRequestWithBody(key,
      request.headers['x-twilio-signature'], request.url, request.body),
  },
  {
    scheme: 'square',
    library: 'square',
    keys: shared,
    verify: (key, request) => WebhooksHelper.verifySignature({
      requestBody: request.body,
      signatureHeader: request.headers['x-square-hmacsha256-signature'],
      signatureKey: key,
      notificationUrl: request.url,
    }),
  },
  {
    scheme: 'discord',
    library: 'discord-interactions',
    keys: () => pair('ed25519', {}, (der) => der.subarray(-32).toString('hex')),
    verify: (key, { headers, body: text }) => verifyKey(text, headers['x-signature-ed25519'],
      headers['x-signature-timestamp'], key),
  },
  {
    scheme: 'sendgrid',
    library: '@sendgrid/eventwebhook',
    keys: () => pair('ec', { namedCurve: 'P-256' }, (der) => der.toString('base64')),
    verify: (key, { headers, body: text }) => {
      const webhook = new EventWebhook();
      return webhook.verifySignature(webhook.convertPublicKeyToECDSA(key), text,
        headers['x-twilio-email-event-webhook-signature'],
        headers['x-twilio-email-event-webhook-timestamp']);
    },
  },
  {
    scheme: 'linear',
    library: '@linear/sdk',
    keys: shared,
    body: body.replace('{', `{"webhookTimestamp":${Date.now()},`),
    verify: (key, { headers, body: text }) => new LinearWebhookClient(key)
      .verify(Buffer.from(text), headers['linear-signature'], JSON.parse(text).webhookTimestamp),
  },
  {
    scheme: 'paddle',
    library: '@paddle/paddle-node-sdk',
    keys: shared,
    verify: (key, { headers, body: text }) => paddle.webhooks
      .isSignatureValid(text, key, headers['paddle-signature']),
  },
  {
    scheme: 'workos',
    library: '@workos-inc/node',
    keys: shared,
    verify: (key, { headers, body: text }) => workos.webhooks.verifyHeader({
      payload: text, sigHeader: headers['workos-signature'], secret: key,
    }),
  },
  {
    scheme: 'notion',
    library: '@notionhq/client',
    keys: shared,
    verify: (key, { headers, body: text }) => verifyWebhookSignature({
      body: text, signature: headers['x-notion-signature'], verificationToken: key,
    }),
    sign: async (key, text) => ({
      'x-notion-signature': await signWebhookPayload({ body: text, verificationToken: key }),
    }),
  },
  {
    scheme: 'braintree',
    library: 'braintree',
    keys: () => {
      const one = secret();
      return { ours: `public_1|${one}`, theirs: one };
    },
    body: new URLSearchParams(await braintree('any').webhookTesting.sampleNotification(
      WebhookNotification.Kind.SubscriptionWentPastDue, 'sub_1')).toString(),
    headers: form,
    verify: async (key, { body: text }) => {
      const fields = new URLSearchParams(text);
      return (await braintree(key).webhookNotification.parse(fields.get('bt_signature'),
        fields.get('bt_payload'))).subscription !== undefined;
    },
  },
  {
    scheme: 'pusher',
    library: 'pusher',
    keys: shared,
    headers: { ...json, 'x-pusher-key': 'app_1' },
    verify: (key, { headers, body: text }) => pusher(key)
      .webhook({ headers, rawBody: text }).isValid(),
  },
  {
    scheme: 'razorpay',
    library: 'razorpay',
    keys: shared,
    verify: (key, { headers, body: text }) => Razorpay
      .validateWebhookSignature(text, headers['x-razorpay-signature'], key),
  },
  {
    scheme: 'sanity',
    library: '@sanity/webhook',
    keys: shared,
    verify: (key, { headers, body: text }) => sanity
      .isValidSignature(text, headers['sanity-webhook-signature'], key),
    sign: async (key, text) => ({
      'sanity-webhook-signature': await sanity.encodeSignatureHeader(text, Date.now(), key),
    }),
  },
  {
    scheme: 'mux',
    library: '@mux/mux-node',
    keys: shared,
    verify: async (key, { headers, body: text }) => {
      await mux.webhooks.verifySignature(text, headers, key);
      return true;
    },
  },
  {
    scheme: 'gocardless',
    library: 'gocardless-nodejs',
    keys: shared,
    body: `{"events":[${body}]}`,
    verify: (key, { headers, body: text }) => gocardless
      .parse(text, key, headers['webhook-signature']).length === 1,
  },
  {
    scheme: 'mercado-pago',
    library: 'mercadopago',
    keys: shared,
    headers: { 'x-request-id': 'bb56a2f1' },
    verify: (key, { headers, url: at }) => {
      WebhookSignatureValidator.validate({
        xSignature: headers['x-signature'],
        xRequestId: headers['x-request-id'],
        dataId: new URL(at).searchParams.get('data.id') ?? undefined,
        secret: key,
      });
      return true;
    },
  },
  {
    scheme: 'easypost',
    library: '@easypost/api',
    keys: shared,
    verify: (key, { headers, body: text }) => easypost.Utils
      .validateWebhook(Buffer.from(text), headers, key).id === 'evt_1',
  },
  {
    scheme: 'kontent-ai',
    library: '@kontent-ai/webhook-helper',
    keys: shared,
    verify: (key, { headers, body: text }) => signatureHelper
      .isValidSignatureFromString(text, key, headers['x-kontent-ai-signature']),
    sign: (key, text) => ({
      'x-kontent-ai-signature': signatureHelper.getHashFromString(text, key),
    }),
  },
].map((provider) => ({
  body, headers: json, url, ...provider,
  verify: (key, request) => accepts(() => provider.verify(key, request)),
}));
