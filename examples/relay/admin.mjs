// The admin interface, as far as the relay reads it.

export class Admin {
  /** @param {string} url @param {string} token */
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  /** The JSON of a GET; an error tells the status. @param {string} path */
  get(path) {
    return this.#ask('GET', path);
  }

  /** An action, such as `steps/orders/run`. @param {string} path */
  post(path) {
    return this.#ask('POST', path);
  }

  async #ask(method, path) {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /v1/${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  /** Every item of a list, page by page. @param {string} path @param {number} [pagesMax] */
  async all(path, pagesMax = 100) {
    const found = [];
    let after;
    for (let page = 0; page < pagesMax; ++page) {
      const mark = path.includes('?') ? '&' : '?';
      const more = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
      const answer = await this.get(`${path}${mark}limit=200${more}`);
      found.push(...answer.items);
      after = answer.next ?? undefined;
      if (after === undefined) return found;
    }
    throw new Error(`/v1/${path} has more than ${pagesMax} pages`);
  }

  /** Every entry of a stream, oldest first. */
  async log(stream, installation = 'main', pagesMax = 1000) {
    const entries = [];
    let after;
    for (let page = 0; page < pagesMax; ++page) {
      const more = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
      const query = `installation=${installation}&limit=100${more}`;
      const answer = await this.get(`log/${stream}?${query}`);
      entries.push(...answer.entries);
      if (!answer.more) return entries;
      after = answer.next;
    }
    throw new Error(`the stream ${stream} has more than ${pagesMax} pages`);
  }
}
