// Verifies and signs by the module: prepares configs once, and reads its answers.

import { configFrame, documentFrame, fault, placeOf } from "./config.ts";
import { BODY_MAX, Core } from "./core.ts";
import type { CallName, Head } from "./core.ts";
import { Picked, pick, pickAll } from "./headers.ts";
import { hintsFor } from "./hints.ts";
import type {
  Config, Handshake, Preset, Reason, Signed, SignRequest, Verdict, Verifier, VerifierOnly,
  WebhookRequest,
} from "./types.ts";

/** As many as the module keeps; the one used least makes room. */
const PREPARED_MAX = 256;

const REASONS: readonly (Reason | undefined)[] = [
  undefined, "no_secret", "header_missing", "header_duplicate", "header_malformed",
  "timestamp_malformed", "timestamp_too_old", "timestamp_too_new", "signature_malformed",
  "signature_mismatch", "key_expired", undefined, "key_unknown", "key_unavailable",
];

const READS_EVERY_HEADER = 1;
const READS_URL = 2;
const READS_METHOD = 4;

const KEY_SET_WANTED = 101;
const CERTIFICATE_WANTED = 102;
const NO_HANDSHAKE = -2;

interface Prepared {
  handle: number;
  readonly reads: number;
  readonly headers: readonly string[];
}

function reasonOf(outcome: number): Reason {
  const reason = REASONS[outcome];
  if (reason === undefined) throw new Error(`sluice: the module answered ${outcome}`);
  return reason;
}

function bodyOf(body: unknown): Uint8Array | string {
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError(
    "sluice: request.body is the raw bytes (Uint8Array, ArrayBuffer) or the text as it arrived; " +
      "what was parsed from it cannot be verified");
}

function queryOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at);
}

function urlOf(request: WebhookRequest, config: Config): string {
  const own = request.url ?? "";
  if (config.url === undefined) return own;
  return config.url.includes("?") ? config.url : config.url + queryOf(own);
}

class ModuleVerifier implements Verifier {
  readonly #module: WebAssembly.Module;
  readonly #picked = new Picked();
  #core: Core;
  #prepared = new WeakMap<Config, Prepared>();
  /** From the one used least to the one used last. */
  readonly #order = new Set<Prepared>();
  #last: Prepared | undefined;
  #presets: readonly Preset[] | undefined;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
    this.#core = new Core(module);
  }

  /** Whether the module has everything; what it lacks is not to be called. */
  get isWhole(): boolean {
    return this.#core.isWhole;
  }

  verify(request: WebhookRequest, config: Config): Verdict {
    const prepared = this.#prepare(config);
    const body = bodyOf(request.body);
    if (body.length > BODY_MAX) return tooLarge();
    const { reads } = prepared;
    const head: Head = {
      method: (reads & READS_METHOD) === 0 ? "" : request.method ?? "POST",
      url: (reads & READS_URL) === 0 ? "" : urlOf(request, config),
    };
    const picked = this.#picked;
    if ((reads & READS_EVERY_HEADER) === 0) pick(picked, request.headers, prepared.headers);
    else pickAll(picked, request.headers);
    const now = config.now ?? Date.now();
    let outcome = this.#call("sluice_verify", prepared, head, body, now);
    if (outcome > 100) {
      const url = this.#core.text();
      const text = config.documents?.[url];
      if (typeof text === "string") {  // Otherwise it is for the caller to fetch.
        if (!this.#core.put(prepared.handle, documentFrame(url, text), now)) {
          return { ok: false, reason: "key_unavailable", detail: this.#core.text() };
        }
        outcome = this.#call("sluice_verify", prepared, head, body, now);
      }
    }
    const core = this.#core;
    if (outcome === 0) {
      const signedAt = core.signedAt;
      return {
        ok: true,
        secret: core.secret,
        identity: core.text(),
        identitySigned: core.identitySigned,
        signedAt: signedAt === signedAt ? signedAt : null,
      };
    }
    if (outcome === KEY_SET_WANTED || outcome === CERTIFICATE_WANTED) {
      const kind = outcome === KEY_SET_WANTED ? "key_set" : "certificate";
      return { ok: false, wanted: { url: core.text(), kind } };
    }
    const reason = reasonOf(outcome);
    const detail = core.text();
    const hints = hintsFor(reason, request, body);
    return hints.length === 0
      ? { ok: false, reason, detail }
      : { ok: false, reason, detail, hints };
  }

  sign(request: SignRequest, config: Config): Signed {
    const prepared = this.#prepare(config);
    const body = bodyOf(request.body);
    if (body.length > BODY_MAX) throw new TypeError("sluice: a body of more than 32 MiB");
    pickAll(this.#picked, request.headers);
    const head = {
      id: request.id ?? "", method: request.method ?? "POST", url: urlOf(request, config),
    };
    const now = config.now ?? Date.now();
    const outcome = this.#call("sluice_sign", prepared, head, body, now);
    if (outcome !== 0) throw new TypeError(`sluice: not signed: ${this.#core.text()}`);
    const frame = this.#core.frame();
    const headers = frame.headers();
    const signed: { headers: typeof headers; url?: string; body?: Uint8Array<ArrayBuffer> } = {
      headers,
    };
    if (frame.u8() === 1) signed.url = frame.text();
    if (frame.u8() === 1) signed.body = frame.bytes();
    return signed;
  }

  handshake(request: WebhookRequest, config: Config): Handshake {
    const prepared = this.#prepare(config);
    const body = bodyOf(request.body ?? "");
    if (body.length > BODY_MAX) return { kind: "none" };
    pickAll(this.#picked, request.headers);
    const head = { method: request.method ?? "POST", url: urlOf(request, config) };
    const now = config.now ?? Date.now();
    const outcome = this.#call("sluice_handshake", prepared, head, body, now);
    if (outcome === NO_HANDSHAKE) return { kind: "none" };
    if (outcome !== 0) {
      return { kind: "refused", reason: reasonOf(outcome), detail: this.#core.text() };
    }
    const frame = this.#core.frame();
    const fetches = frame.u8() === 2;
    const url = frame.text();
    const reply = { status: frame.u32(), headers: frame.headers(), body: frame.bytes() };
    return fetches ? { kind: "fetch", url, reply } : { kind: "reply", reply };
  }

  presets(): readonly Preset[] {
    this.#presets ??= (() => {
      const frame = this.#core.presets();
      return frame.list(() => ({
        name: frame.text(), family: frame.text(), title: frame.text(), source: frame.text(),
      }));
    })();
    return this.#presets;
  }

  /** A trap poisons the instance: the next call gets another one. */
  #call(
    name: CallName, prepared: Prepared, head: Head, body: Uint8Array | string, now: number,
  ): number {
    try {
      return this.#core.request(name, prepared.handle, head, this.#picked, body, now);
    } catch (error) {
      if (!(error instanceof RangeError) && !(error instanceof WebAssembly.RuntimeError)) {
        throw error;
      }
      this.#core = new Core(this.#module);
      this.#prepared = new WeakMap();
      this.#order.clear();
      this.#last = undefined;
      throw new Error("sluice: the module failed and was started afresh", { cause: error });
    }
  }

  #prepare(config: Config): Prepared {
    const known = this.#prepared.get(config);
    if (known === undefined || known.handle < 0) return this.#open(config);
    if (known !== this.#last) {
      this.#order.delete(known);
      this.#order.add(known);
      this.#last = known;
    }
    return known;
  }

  #open(config: Config): Prepared {
    const frame = configFrame(config);
    if (this.#order.size === PREPARED_MAX) {
      const [oldest] = this.#order;
      if (oldest !== undefined) this.#close(oldest);
    }
    const handle = this.#core.open(frame);
    frame.fill(0);
    const reply = this.#core.frame();
    if (handle < 0) {
      const faults = reply.list(() => [placeOf(reply.text(), config), reply.text()] as const);
      const texts = faults.map(([at, message]) => `${at}: ${message}`);
      throw new TypeError(`sluice config: ${texts.join("\n")}`);
    }
    const prepared = { handle, reads: reply.u8(), headers: reply.list(() => reply.text()) };
    this.#order.add(prepared);
    this.#last = prepared;
    this.#prepared.set(config, prepared);
    this.#putDated(prepared, config);
    return prepared;
  }

  #close(prepared: Prepared): void {
    this.#core.close(prepared.handle);
    prepared.handle = -1;
    this.#order.delete(prepared);
  }

  /** Documents that say when they were fetched are the module's to judge. */
  #putDated(prepared: Prepared, config: Config): void {
    for (const [url, document] of Object.entries(config.documents ?? {})) {
      if (typeof document === "string") continue;
      const frame = documentFrame(url, document.text);
      if (this.#core.put(prepared.handle, frame, document.fetchedAt)) continue;
      const why = this.#core.text();
      this.#close(prepared);
      throw fault(`/documents/${url}`, `This document cannot be used: ${why}.`);
    }
  }
}

function tooLarge(): Verdict {
  return { ok: false, reason: "body_too_large", detail: "a body of more than 32 MiB" };
}

/**
 * An instance of its own, synchronously: where the runtime hands out the compiled module, as an
 * import of Workers or after `WebAssembly.compile`. The module is sluice_webhooks.wasm.
 *
 * @throws TypeError for a module that does not sign.
 */
export function createVerifier(module: WebAssembly.Module): Verifier {
  const verifier = new ModuleVerifier(module);
  if (!verifier.isWhole) {
    throw new TypeError("sluice: this module only verifies; sluice_webhooks.wasm does the rest");
  }
  return verifier;
}

/** The same, for verifying alone. The module is sluice_verify.wasm, or the whole one. */
export function createVerifierOnly(module: WebAssembly.Module): VerifierOnly {
  return new ModuleVerifier(module);
}
