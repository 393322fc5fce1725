// What a wasm module is, to compare with what is committed about it, and the tally of comparisons.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** A size may differ by this share, which is what another patch level of the compiler makes. */
const kSlack = 0.01;

/**
 * The module in a file: `surface` is a line for each import and then each export, in order.
 *
 * @param {URL} file
 */
export function factsOf(file) {
  const bytes = readFileSync(file);
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module)
    .map(({ module: from, name, kind }) => `import ${from}.${name} ${kind}`).sort();
  const exports = WebAssembly.Module.exports(module)
    .map(({ name, kind }) => `export ${name} ${kind}`).sort();
  return {
    imports,
    surface: [...imports, ...exports],
    size: { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length },
  };
}

export class Checks {
  #passed = 0;
  #failed = 0;

  /**
   * @param {string} claim
   * @param {boolean} holds
   * @param {string} detail
   */
  that(claim, holds, detail) {
    if (holds) this.#passed += 1;
    else this.#failed += 1;
    console.log(`${holds ? 'ok' : 'FAILED'}: ${claim}${holds ? '' : `\n${detail}`}`);
  }

  /**
   * Two lists of lines are one.
   *
   * @param {string} claim
   * @param {readonly string[]} found
   * @param {readonly string[]} committed
   */
  same(claim, found, committed) {
    const extra = found.filter((line) => !committed.includes(line));
    const gone = committed.filter((line) => !found.includes(line));
    this.that(claim, extra.length + gone.length === 0,
      [...extra.map((line) => `  + ${line}`), ...gone.map((line) => `  - ${line}`)].join('\n'));
  }

  /**
   * @param {string} what
   * @param {number} size
   * @param {number} committed
   * @param {string} where
   */
  near(what, size, committed, where) {
    this.that(`${what} is within ${kSlack * 100} % of ${where}`,
      Math.abs(size - committed) / committed <= kSlack,
      `  ${size} bytes, committed ${committed}`);
  }

  /** Prints the tally, and has the process fail with it. */
  finish() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exitCode = this.#failed === 0 ? 0 : 1;
  }
}

/** @param {URL} file */
export function linesOf(file) {
  return readFileSync(file, 'utf8').trim().split('\n');
}
