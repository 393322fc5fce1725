// A paged JSON API on loopback: orders that keep arriving while the relay runs.
//
//   GET /orders?since=TIME&until=TIME&page=N     { "data": [ ... at most 10 ... ], "page": N }
//
// Half of the orders exist before the start; the others appear one by one. The second page that is
// asked for is answered 500 once, so that the step has something to recover from.

import { createServer } from 'node:http';

const pageSize = 10;

export class Api {
  /**
   * @param {object} options
   * @param {import('./journal.mjs').Journal} options.journal
   * @param {string} options.token   The value of the authorization header.
   * @param {number} [options.count] Orders in all.
   * @param {number} [options.everyMs] Between two new ones.
   */
  constructor({ journal, token, count = 60, everyMs = 250 }) {
    this.journal = journal;
    this.token = token;
    this.failuresLeft = 1;
    /** Replaces the answer of every page, while it is set. @type {string | undefined} */
    this.htmlPage = undefined;
    const now = Date.now();
    const old = Math.floor(count / 2);
    this.orders = Array.from({ length: count }, (_, i) => {
      const time = i < old ? now - (old - i) * 20_000 : now + (i - old + 1) * everyMs;
      return {
        id: `order-${String(i + 1).padStart(4, '0')}`,
        updated_at: new Date(time).toISOString(),
        total: { amount: 1000 + i * 7 + 0.5, currency: 'EUR' },
      };
    });
    this.server = createServer((request, response) => this.#answer(request, response));
    this.server.keepAliveTimeout = 30_000;
  }

  /** When the last order will have appeared. */
  get completeAt() {
    return Math.max(...this.orders.map((order) => Date.parse(order.updated_at)));
  }

  /** The orders that exist now. */
  existing(now = Date.now()) {
    return this.orders.filter((order) => Date.parse(order.updated_at) <= now);
  }

  /** @param {number} port */
  async listen(port) {
    await new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => resolve(undefined));
    });
    return this.server.address().port;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  #answer(request, response) {
    const url = new URL(request.url, 'http://api');
    const page = Number(url.searchParams.get('page') ?? '1');
    const since = Date.parse(url.searchParams.get('since') ?? '');
    const until = Date.parse(url.searchParams.get('until') ?? '');
    const say = (status, type, text, note = {}) => {
      this.journal.write({ url: request.url, answered: status, ...note });
      response.writeHead(status, { 'content-type': type });
      response.end(text);
    };
    if (url.pathname !== '/orders') return say(404, 'text/plain', 'no such list\n');
    if (request.headers.authorization !== this.token) return say(401, 'text/plain', 'who?\n');
    if (this.htmlPage !== undefined) return say(200, 'text/html', this.htmlPage);
    if (Number.isNaN(since) || Number.isNaN(until)) return say(400, 'text/plain', 'when?\n');
    if (page === 2 && this.failuresLeft > 0) {
      this.failuresLeft -= 1;
      return say(500, 'text/plain', 'try again\n');
    }
    const found = this.existing().filter((order) => {
      const time = Date.parse(order.updated_at);
      return since <= time && time < until;
    });
    const data = found.slice((page - 1) * pageSize, page * pageSize);
    const text = JSON.stringify({ data, page, pages: Math.ceil(found.length / pageSize) });
    return say(200, 'application/json', text, { items: data.length });
  }
}
