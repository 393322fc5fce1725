// `./dev run`: the whole relay on this machine, with real traffic, told in plain words.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { setUp } from './relay.mjs';
import { complaints, runScenario } from './scenario.mjs';
import { root } from './server.mjs';

const usage = `usage: ./dev run [--once] [--native] [--count N] [--restart N] [--example NAME]
  --once       end after the totals, instead of staying up
  --native     the native binary instead of the Worker in the local edge runtime
  --count N    webhooks to send (300)
  --restart N  how often the server is killed and started again while it is busy (1)
`;

function settings() {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        native: { type: 'boolean', default: false },
        count: { type: 'string', default: '300' },
        restart: { type: 'string', default: '1' },
        example: { type: 'string', default: 'relay' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const count = Number(values.count);
    const restart = Number(values.restart);
    const isCount = (n, least, most) => Number.isInteger(n) && n >= least && n <= most;
    if (!values.help && isCount(count, 1, 100_000) && isCount(restart, 0, 20)) {
      return { ...values, count, restart };
    }
    process.stderr.write(usage);
    process.exit(values.help ? 0 : 2);
  } catch (error) {
    process.stderr.write(`${error.message}\n${usage}`);
    process.exit(2);
  }
}

const out = (text = '') => process.stdout.write(`${text}\n`);
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
const many = (n, one, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;

/** One line that is rewritten, where the output is a terminal. */
class Progress {
  #timer;

  start(text) {
    if (!process.stdout.isTTY) return;
    this.#timer = setInterval(() => process.stdout.write(`\r\x1b[K  ${text()}`), 100);
  }

  stop() {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    process.stdout.write('\r\x1b[K');
  }
}

function bar(done, total) {
  const width = 30;
  const full = Math.min(width, Math.round((done / Math.max(total, 1)) * width));
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`;
}

/** Says what happens, as it happens. */
function narrator(name) {
  const progress = new Progress();
  const line = (state) => `${bar(state.accepted(), state.total)} ` +
    `${state.accepted()}/${state.total} accepted, ` +
    `${state.receiver.journal.records.length} deliveries attempted`;
  return (what, state) => {
    progress.stop();
    if (what === 'sending') {
      out(`Sending ${state.total} real GitHub webhooks, signed by @octokit/webhooks-methods ...`);
    } else if (what === 'killing') {
      out(`  ${state.accepted()} accepted. Killing ${name} (SIGKILL), in the middle of its work.`);
    } else if (what === 'restarted') {
      out(`  It is back after ${seconds(state.ms)}; the sender tries again what was not answered.`);
    } else if (what === 'accepted') {
      out(`  ${state.accepted()} accepted after ${seconds(state.ms)}.`);
    } else if (what === 'mischief') {
      out('Sending a duplicate, a replay, a forged, a stale and an oversized request ...');
    } else if (what === 'refused') {
      const { duplicate, replay, forged, stale, oversized } = state.mischief;
      out(`  answered ${duplicate}, ${replay}, ${forged}, ${stale}, ${oversized}.`);
    } else if (what === 'hurried') {
      out(`  The step "${state.step.name}" failed (${state.step.reason}) and holds its cursor; ` +
        'told to run now.');
    } else if (what === 'settling') {
      out('Waiting until every message, every order and every copy has arrived ...');
    } else if (what === 'settled') {
      out(`  done after ${seconds(state.ms)}.`);
    }
    if (['sending', 'restarted', 'settling', 'hurried'].includes(what)) {
      progress.start(() => line(state));
    }
  };
}

function report(result, kills) {
  const { mirror, mischief, orders } = result;
  out();
  out('What happened, from the journals of both ends:');
  out(`  sent        ${result.sent} webhooks in ${result.tries} tries; ` +
    `${result.accepted} accepted`);
  out(`  recognised  ${many(result.duplicates, 'duplicate')}, and ` +
    `${many(result.replays, 'replay')} of old bytes under a new id, routed nowhere`);
  out(`  refused     forged ${mischief.forged}, stale ${mischief.stale}, ` +
    `oversized ${mischief.oversized}`);
  out(`  delivered   ${result.arrived} of ${result.expected} messages to the endpoints crm and ` +
    'audit, each verified by standardwebhooks');
  out(`  retried     ${result.refused500} were answered 500 first, ${result.refused429} were ` +
    'answered 429 with Retry-After');
  out(`  repeated    ${many(result.repeated, 'message')} in flight at ` +
    `${many(kills, 'kill')}, with the same webhook-id`);
  out(`  in order    ${result.outOfOrder === 0 ? 'every' : 'NOT every'} repository's messages to ` +
    'crm arrived in the order they were sent');
  out(`  orders      ${orders.arrived} of ${orders.orders} that the API had, each published once`);
  out(`  mirrored    ${mirror.copies} of ${mirror.events} events copied to the second cell`);
  out();
  const lost = result.sent - result.delivered + orders.missing.length;
  out(`${result.sent} sent, ${result.accepted} accepted, ` +
    `${many(result.duplicates, 'duplicate')}, ${many(result.replays, 'replay')}, ` +
    `${result.refused} refused, ${result.delivered} delivered, ${lost} lost`);
}

function urls(relay) {
  out();
  out('Look at it (the token is of this run only):');
  out(`  token=${relay.environment.SLUICE_ADMIN_TOKEN}`);
  for (const path of ['overview', 'events?limit=3', 'steps', 'links?installation=mirror']) {
    out(`  curl -s -H "authorization: Bearer $token" '${relay.server.url}/v1/${path}'`);
  }
  out(`  ${relay.server.options.directory} has the journals and the server's log`);
}

async function main() {
  const options = settings();
  if (options.example !== 'relay') {
    const other = new URL(`../${options.example}/run.mjs`, import.meta.url);
    if (!/^[a-z][a-z0-9-]*$/.test(options.example) || !existsSync(other)) {
      process.stderr.write(`There is no example "${options.example}".\n`);
      process.exit(2);
    }
    await import(other.href);
    return;
  }
  const runtime = options.native ? 'native' : 'worker';
  const name = options.native ? 'build/native/sluice' : 'the Worker in workerd';
  const directory = join(root, 'build/run', `relay-${runtime}`);
  const relay = await setUp({ runtime, directory, wantDefaults: true });

  let leaving = false;
  const leave = async (code) => {
    if (leaving) return;
    leaving = true;
    await relay.tearDown();
    process.exit(code);
  };
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));

  out(`Sluice relay with ${name}`);
  out(`  server    ${relay.server.url}`);
  out(`  receiver  http://127.0.0.1:${relay.ports.receiver}   refuses some deliveries at first`);
  out(`  API       http://127.0.0.1:${relay.ports.api}   orders that keep arriving; fails once`);
  const began = Date.now();
  await relay.server.start();
  out(`  ready after ${seconds(Date.now() - began)}`);
  out();

  const killAt = Array.from({ length: options.restart },
    (_, i) => Math.max(1, Math.floor((options.count * (i + 1)) / (options.restart + 1))));
  const gapMs = options.count <= 1000 ? 15 : 0;
  const settleMs = 90_000 + options.count * 40;
  const say = narrator(name);
  const result = await runScenario(relay, { ...options, killAt, gapMs, settleMs, say });
  report(result, relay.server.kills.length);
  const wrong = complaints(result);
  for (const text of wrong) out(`WRONG: ${text}`);
  urls(relay);
  if (options.once) return leave(wrong.length === 0 ? 0 : 1);
  out();
  out('It stays up. Ctrl-C stops everything.');
  const cron = setInterval(() => relay.server.tick(), 2000);
  relay.server.exited?.then((code) => {
    clearInterval(cron);
    if (leaving) return;
    out(`The server ended by itself (${code}); the end of its log:\n${relay.server.tail()}`);
    leave(1);
  });
}

main().catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
});
