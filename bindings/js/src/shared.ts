// The functions of an entry whose module is there already, or will be: one instance behind them.

import type {
  Config, Handshake, Preset, Signed, SignRequest, Verdict, Verifier, VerifierOnly, WebhookRequest,
} from "./types.ts";

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** The functions of one verifier, which `make` gives when it is first needed. */
export function functionsOf(make: () => Verifier): Verifier {
  const verifier = once(make);
  return {
    verify: (request: WebhookRequest, config: Config): Verdict =>
      verifier().verify(request, config),
    sign: (request: SignRequest, config: Config): Signed => verifier().sign(request, config),
    handshake: (request: WebhookRequest, config: Config): Handshake =>
      verifier().handshake(request, config),
    presets: (): readonly Preset[] => verifier().presets(),
  };
}

/** The same of one that verifies and nothing else. */
export function functionOf(make: () => VerifierOnly): VerifierOnly {
  const verifier = once(make);
  return {
    verify: (request: WebhookRequest, config: Config): Verdict =>
      verifier().verify(request, config),
  };
}
