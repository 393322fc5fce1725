// Types that callers rely on. Compiled strictly and never run: a mistake is the compiler's to find.
import {
  createVerifier, handshake, init, presets, sign, verify,
} from "../../bindings/js/src/node.ts";
import type { Config, Reason, Verdict, Verifier } from "../../bindings/js/src/node.ts";

import { createVerifier as createVerifierOnly, verify as verifyOnly }
  from "../../bindings/js/src/verify_node.ts";

const config: Config = {
  scheme: { like: "stripe", time: { past_ms: 60_000 } },
  secrets: ["a", { value: "b", notAfter: new Date(0) }],
  documents: { "https://keys.example/a": { text: "{}", fetchedAt: 0 } },
};

export function told(verdict: Verdict): string {
  if (verdict.ok) return `${verdict.secret} ${verdict.identity} ${verdict.signedAt ?? "never"}`;
  if (verdict.wanted !== undefined) return verdict.wanted.url;
  const reason: Reason = verdict.reason;
  return `${reason} ${verdict.detail} ${verdict.hints?.join() ?? ""}`;
}

export async function used(request: Request, module: WebAssembly.Module): Promise<string> {
  await init();
  const own: Verifier = createVerifier(module);
  // @ts-expect-error: that of the smaller module has no such function.
  createVerifierOnly(module).sign({ headers: {}, body: "" }, config);
  verifyOnly({ headers: {}, body: "" }, config);
  const body = new Uint8Array(await request.arrayBuffer());
  const { method, url, headers } = request;
  const shapes = [headers, { a: ["1", "2"], b: "3", c: undefined }, [["a", "1"]] as const];
  for (const shape of shapes) own.verify({ method, url, headers: shape, body }, config);
  const signed = sign({ id: "1", headers: {}, body: "" }, config);
  const answer = handshake({ method, url, headers, body }, config);
  if (answer.kind === "reply") return String(answer.reply.status);
  // @ts-expect-error: only a reply and a fetch have one.
  answer.reply;
  // @ts-expect-error: a config names its scheme.
  verify({ headers, body }, { secrets: ["a"] });
  // @ts-expect-error: a body that was parsed is none.
  verify({ headers, body: { id: 1 } }, config);
  return `${signed.headers.length} ${presets()[0]?.name ?? ""}`;
}
