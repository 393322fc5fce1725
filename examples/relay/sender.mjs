// GitHub, as far as the relay is concerned: signs, sends, and tries again until it is thanked.
//
// Signatures are made by `@octokit/webhooks-methods`. An answer that is lost with a killed server
// leaves the sender in doubt; it sends the same delivery again, under the same id, as any provider
// does. Deliveries of one repository are sent one after the other, so their order is known.

import { createHmac, randomUUID } from 'node:crypto';
import { sign } from '@octokit/webhooks-methods';

/** @typedef {import('./payloads.mjs').Delivery} Delivery */

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The status of one POST, or why there is none. */
export async function post(url, headers, body, timeoutMs = 15_000) {
  try {
    const response = await fetch(url, {
      method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    return { status: 0, text: error.cause?.code ?? error.name };
  }
}

export class Sender {
  /**
   * @param {object} options
   * @param {string} options.url      Of the server.
   * @param {string} options.secret
   * @param {import('./journal.mjs').Journal} options.journal
   * @param {number} [options.patienceMs]  How long one delivery is tried.
   */
  constructor({ url, secret, journal, patienceMs = 60_000 }) {
    this.url = url;
    this.secret = secret;
    this.journal = journal;
    this.patienceMs = patienceMs;
    this.accepted = 0;
  }

  /** @param {Delivery} delivery */
  async headers(delivery, secret = this.secret) {
    return {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/relay',
      'x-github-event': delivery.event,
      'x-github-delivery': delivery.id,
      'x-hub-signature-256': await sign(secret, delivery.body),
    };
  }

  /** Sends once. @param {Delivery} delivery */
  async attempt(delivery, kind = 'webhook', attempt = 1) {
    const headers = await this.headers(delivery);
    const began = Date.now();
    const { status, text } = await post(`${this.url}/in/github`, headers, delivery.body);
    const { id, sha256 } = delivery;
    this.journal.write({ kind, id, sha256, attempt, status, began, text: text.slice(0, 200) });
    return status;
  }

  /** Sends until it is accepted; false when patience ends. @param {Delivery} delivery */
  async deliver(delivery) {
    const end = Date.now() + this.patienceMs;
    for (let attempt = 1; Date.now() < end; ++attempt) {
      const status = await this.attempt(delivery, 'webhook', attempt);
      if (status >= 200 && status < 300) {
        this.accepted += 1;
        return true;
      }
      await pause(Math.min(100 * attempt, 1000));
    }
    return false;
  }

  /**
   * All of them, in lanes: one repository is always in the same lane.
   * @param {Delivery[]} deliveries
   */
  async deliverAll(deliveries, { lanes = 4, gapMs = 0 } = {}) {
    const lane = (delivery) => Number(BigInt(delivery.order || '0') % BigInt(lanes));
    const work = Array.from({ length: lanes }, async (_, number) => {
      let good = true;
      for (const delivery of deliveries.filter((one) => lane(one) === number)) {
        good = (await this.deliver(delivery)) && good;
        if (gapMs > 0) await pause(gapMs);
      }
      return good;
    });
    return (await Promise.all(work)).every(Boolean);
  }

  /** The same delivery again: thanked again, and nothing happens. @param {Delivery} delivery */
  duplicate(delivery) {
    return this.attempt(delivery, 'duplicate');
  }

  /** Old signed bytes under a new id, which GitHub does not sign. @param {Delivery} delivery */
  replay(delivery) {
    return this.attempt({ ...delivery, id: randomUUID() }, 'replay');
  }

  /** A body nobody signed with our secret. @param {Delivery} delivery */
  async forged(delivery) {
    const body = JSON.stringify({ ...JSON.parse(delivery.body), forged: true });
    const made = { ...delivery, id: randomUUID(), body };
    const headers = await this.headers(made, 'not the secret');
    return this.#once('forged', '/in/github', headers, body);
  }

  /** Signed with the right secret, an hour ago. @param {string} secret */
  stale(secret) {
    const body = JSON.stringify({ id: `evt_${randomUUID()}`, type: 'invoice.paid' });
    const t = Math.floor(Date.now() / 1000) - 3600;
    const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${t},v1=${v1}` };
    return this.#once('stale', '/in/stripe', headers, body);
  }

  /** Properly signed, and larger than a webhook may be. @param {Delivery} delivery */
  async oversized(delivery, bytes = 1_200_000) {
    const body = JSON.stringify({ padding: 'x'.repeat(bytes) });
    const made = { ...delivery, id: randomUUID(), body };
    return this.#once('oversized', '/in/github', await this.headers(made), body);
  }

  async #once(kind, path, headers, body) {
    const { status, text } = await post(this.url + path, headers, body);
    this.journal.write({ kind, status, text: text.slice(0, 200) });
    return status;
  }
}
