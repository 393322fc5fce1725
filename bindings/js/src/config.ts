// A config as the module takes it, and what is wrong with one.

import { encodeUtf8 } from "./text.ts";
import type { Config, Secret } from "./types.ts";

/** Grows as it is written; a frame as bindings/abi/README.md has it. */
class FrameWriter {
  #bytes = new Uint8Array(512);
  #size = 0;

  u8(value: number): this {
    this.#grow(1)[this.#size - 1] = value;
    return this;
  }

  u32(value: number): this {
    this.#grow(4);
    new DataView(this.#bytes.buffer).setUint32(this.#size - 4, value, true);
    return this;
  }

  f64(value: number): this {
    this.#grow(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#size - 8, value, true);
    return this;
  }

  text(value: string): this {
    const bytes = encodeUtf8(value);
    this.u32(bytes.length);
    this.#grow(bytes.length).set(bytes, this.#size - bytes.length);
    return this;
  }

  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  #grow(by: number): Uint8Array {
    this.#size += by;
    if (this.#size > this.#bytes.length) {
      const grown = new Uint8Array(this.#size * 2);
      grown.set(this.#bytes);
      this.#bytes.fill(0);
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}

const MEMBERS = ["scheme", "secrets", "keys", "documents", "url", "verifyToken", "now"];

function described(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `${typeof value}`;
}

/** A fault of a config, as the module words its own. */
export function fault(at: string, message: string): TypeError {
  return new TypeError(`sluice config: ${at}: ${message}`);
}

function expect(value: unknown, type: "string" | "number", at: string): void {
  if (typeof value === type) return;
  throw fault(at, `Expected a ${type}, found ${described(value)}.`);
}

function writeTime(frame: FrameWriter, value: number | Date | undefined, at: string): void {
  if (value === undefined) {
    frame.u8(0);
    return;
  }
  const ms = value instanceof Date ? value.getTime() : value;
  if (typeof ms !== "number" || !Number.isFinite(ms)) {
    throw fault(at, "Expected milliseconds since 1970, or a valid Date.");
  }
  frame.u8(1).f64(ms);
}

function writeSecret(frame: FrameWriter, secret: Secret, at: string): void {
  if (typeof secret === "string") {
    frame.text(secret).u8(0).u8(0);
    return;
  }
  if (typeof secret !== "object" || secret === null) {
    throw fault(at, `Expected a string or an object with "value", found ${described(secret)}.`);
  }
  expect(secret.value, "string", `${at}/value`);
  frame.text(secret.value);
  writeTime(frame, secret.notBefore, `${at}/notBefore`);
  writeTime(frame, secret.notAfter, `${at}/notAfter`);
}

function listOf(value: readonly Secret[] | undefined, at: string): readonly Secret[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw fault(at, `Expected an array, found ${described(value)}.`);
  return value;
}

function schemeText(scheme: Config["scheme"]): string {
  if (typeof scheme === "string") {
    // What begins with a brace is a definition to the module, and no preset's name.
    if (scheme.startsWith("{")) throw fault("/scheme", "A definition is an object, not its text.");
    return scheme;
  }
  if (typeof scheme !== "object" || scheme === null || Array.isArray(scheme)) {
    throw fault(
      "/scheme", `Expected the name of a scheme, or an object that defines one, found ${
        described(scheme)}.`);
  }
  return JSON.stringify(scheme);
}

function checkMembers(config: Config): void {
  for (const member of Object.keys(config)) {
    if (MEMBERS.includes(member)) continue;
    throw fault(`/${member}`, `Unknown key "${member}". Valid: ${
      MEMBERS.map((name) => `"${name}"`).join(", ")}.`);
  }
  if (config.url !== undefined) expect(config.url, "string", "/url");
  if (config.verifyToken !== undefined) expect(config.verifyToken, "string", "/verifyToken");
  const { documents } = config;
  if (documents === undefined) return;
  if (typeof documents !== "object" || documents === null) {
    throw fault("/documents", `Expected an object, found ${described(documents)}.`);
  }
  for (const [url, document] of Object.entries(documents)) {
    if (typeof document === "string") continue;
    expect(document?.text, "string", `/documents/${url}/text`);
    expect(document?.fetchedAt, "number", `/documents/${url}/fetchedAt`);
  }
}

/** The frame of `sluice_open`. */
export function configFrame(config: Config): Uint8Array {
  if (typeof config !== "object" || config === null) {
    throw fault("/", `Expected an object, found ${described(config)}.`);
  }
  checkMembers(config);
  const secrets = listOf(config.secrets, "/secrets");
  const keys = listOf(config.keys, "/keys");
  const frame = new FrameWriter();
  frame.text(schemeText(config.scheme)).u32(secrets.length + keys.length);
  secrets.forEach((secret, i) => writeSecret(frame, secret, `/secrets/${i}`));
  keys.forEach((key, i) => writeSecret(frame, key, `/keys/${i}`));
  return frame.text(config.verifyToken ?? "").take();
}

/** The module counts keys behind the secrets; its faults are told where the caller wrote them. */
export function placeOf(at: string, config: Config): string {
  const found = /^\/secrets\/([0-9]+)(.*)$/.exec(at);
  const secrets = config.secrets?.length ?? 0;
  if (found === null || Number(found[1]) < secrets) return at;
  return `/keys/${Number(found[1]) - secrets}${found[2]}`;
}

/** The frame of `sluice_put`. */
export function documentFrame(url: string, text: string): Uint8Array {
  return new FrameWriter().text(url).text(text).take();
}
