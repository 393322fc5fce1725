// The package in the real runtime, by the entry that Workers take: its module is an import.
import { expect, it } from "vitest";

import { init, presets, sign, verify } from "sluice-webhooks";
import { verify as verifyOnly } from "sluice-webhooks/verify";

const config = { scheme: "stripe", secrets: ["whsec_test_secret"] };

it("verifies what it signs, and refuses what was changed", async () => {
  await init();
  const body = '{"id":"evt_1"}';
  const signed = sign({ headers: {}, body }, config);
  const request = new Request("https://hooks.example/in", {
    method: "POST",
    body,
    headers: signed.headers.map(([name, value]): [string, string] => [name, value]),
  });
  const { method, url, headers } = request;
  const bytes = await request.arrayBuffer();
  const verdict = verify({ method, url, headers, body: bytes }, config);
  expect(verdict).toMatchObject({ ok: true, secret: 0, identity: "evt_1" });
  expect(verifyOnly({ method, url, headers, body: bytes }, config)).toEqual(verdict);
  const changed = verify({ method, url, headers, body: `${body} ` }, config);
  expect(changed).toMatchObject({ ok: false, reason: "signature_mismatch" });
});

it("knows the presets", () => {
  expect(presets().map(({ name }) => name)).toContain("standard");
});
