// Timing of things that take microseconds, and the figures made of it.
//
// Contenders take turns in rounds shorter than a scheduler's slice. Whatever else the machine does
// only adds time, so a contender's figure is the lower quartile of its rounds.

const kRounds = 151;
const kRoundMs = 3;
const kWarmMs = 100;

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number[]} values */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
}

const us = (fromMs, count) => ((performance.now() - fromMs) * 1000) / count;

/** How many calls fill a round. */
async function calibrate(contender) {
  const warmUntil = performance.now() + kWarmMs;
  let best = Number.POSITIVE_INFINITY;
  for (let count = 1; performance.now() < warmUntil; count = Math.min(count * 2, 256)) {
    best = Math.min(best, await round(contender, count));
  }
  return Math.max(1, Math.round((kRoundMs * 1000) / best));
}

/** Microseconds of one call. */
async function round({ run, isAsync }, count) {
  const from = performance.now();
  if (isAsync) for (let i = 0; i < count; ++i) await run();
  else for (let i = 0; i < count; ++i) run();
  return us(from, count);
}

/**
 * @param {Record<string, { run: () => unknown, isAsync?: boolean }>} contenders
 * @returns {Promise<Record<string, number>>} Microseconds of one call.
 */
export async function race(contenders, rounds = kRounds) {
  const runners = [];
  for (const [name, contender] of Object.entries(contenders)) {
    runners.push({ name, contender, count: await calibrate(contender), rounds: [] });
  }
  for (let i = 0; i < rounds; ++i) {
    for (const runner of runners) runner.rounds.push(await round(runner.contender, runner.count));
  }
  return Object.fromEntries(runners.map(({ name, rounds: all }) => [name, percentile(all, 25)]));
}

/** Three digits that count. */
export function figure(value) {
  if (value === undefined || !Number.isFinite(value)) return '-';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}
