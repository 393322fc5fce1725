// The functions of a package whose module is there already, or will be: one instance behind them.

import type { Config, Handshake, Preset, Signed, SignRequest, Verdict, Verifier, WebhookRequest }
  from "./types.ts";

/** The functions of one verifier, which `make` gives when it is first needed. */
export function functionsOf(make: () => Verifier): Verifier {
  let made: Verifier | undefined;
  const verifier = () => (made ??= make());
  return {
    verify: (request: WebhookRequest, config: Config): Verdict =>
      verifier().verify(request, config),
    sign: (request: SignRequest, config: Config): Signed => verifier().sign(request, config),
    handshake: (request: WebhookRequest, config: Config): Handshake =>
      verifier().handshake(request, config),
    presets: (): readonly Preset[] => verifier().presets(),
  };
}
