// What `sluice serve` is measured against as well: the same job for one source, by hand in Node.
//
//   node_baseline.mjs PORT DATABASE SECRET
//
// node:http, node:crypto and better-sqlite3. The five rows of bench/native_baseline.cc, and its
// group commit: webhooks that arrive in one turn of the loop share a transaction (WAL,
// synchronous=FULL) and are answered when it is durable. It delivers nothing.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

import Database from 'better-sqlite3';

const [port, path, secret] = process.argv.slice(2);

const database = new Database(path);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.pragma('cache_size = -8192');
database.pragma('wal_autocheckpoint = 4000');
database.exec(`
  CREATE TABLE seen(digest BLOB PRIMARY KEY, at INTEGER, event INTEGER, delivery TEXT)
    WITHOUT ROWID;
  CREATE TABLE events(seq INTEGER PRIMARY KEY, at INTEGER, source TEXT, headers TEXT,
    body BLOB, delivery TEXT, unfinished INTEGER);
  CREATE TABLE log(position INTEGER PRIMARY KEY, at INTEGER, source TEXT, type TEXT, body BLOB);
  CREATE TABLE messages(seq INTEGER PRIMARY KEY, event INTEGER, endpoint TEXT, state INTEGER,
    attempts INTEGER, at INTEGER, due INTEGER);
  CREATE TABLE queue(endpoint TEXT, due INTEGER, message INTEGER,
    PRIMARY KEY(endpoint, due, message)) WITHOUT ROWID;
`);
const find = database.prepare('SELECT event FROM seen WHERE digest = ?').pluck();
const seen = database.prepare('INSERT INTO seen VALUES (?, ?, ?, ?)');
const events = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, 1)');
const log = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?)');
const messages = database.prepare('INSERT INTO messages VALUES (?, ?, ?, 1, 0, ?, ?)');
const queue = database.prepare('INSERT INTO queue VALUES (?, ?, ?)');
const begin = database.prepare('BEGIN IMMEDIATE');
const commit = database.prepare('COMMIT');
const rollback = database.prepare('ROLLBACK');

let last = 0;
/** @type {{ response: import('node:http').ServerResponse, request: object, body: Buffer }[]} */
let waiting = [];

function isAuthentic(signature, body) {
  if (typeof signature !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(signature)) return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(Buffer.from(signature.slice(7), 'hex'), expected);
}

function keptHeaders(headers) {
  const kept = Object.entries(headers).filter(([name]) => (
    name === 'content-type' || (name.startsWith('x-') && !name.includes('signature'))));
  return JSON.stringify(kept);
}

function store({ headers }, body) {
  const digest = createHash('sha256').update(body).digest();
  const found = find.get(digest);
  if (found !== undefined) return found;
  const at = Date.now();
  const seq = ++last;
  const delivery = headers['x-github-delivery'] ?? '';
  seen.run(digest, at, seq, delivery);
  events.run(seq, at, 'github', keptHeaders(headers), body, delivery);
  log.run(seq, at, 'github', headers['content-type'] ?? '', body);
  messages.run(seq, seq, 'crm', at, at);
  queue.run('crm', at, seq);
  return seq;
}

function flush() {
  const group = waiting;
  waiting = [];
  let answers = [];
  try {
    begin.run();
    answers = group.map(({ request, body }) => store(request, body));
    commit.run();
  } catch {
    if (database.inTransaction) rollback.run();
    for (const { response } of group) response.writeHead(503).end();
    return;
  }
  group.forEach(({ response }, at) => {
    const text = `{"id":"evt_${answers[at]}"}`;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.end(text);
  });
}

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    if (request.method !== 'POST' || request.url !== '/in/github') {
      response.writeHead(404).end();
      return;
    }
    if (!isAuthentic(request.headers['x-hub-signature-256'], body)) {
      response.writeHead(401).end();
      return;
    }
    if (waiting.length === 0) setImmediate(flush);
    waiting.push({ response, request, body });
  });
}).listen(Number(port), '127.0.0.1', 1024);
