// The functions of an entry whose module is there already, or will be: one instance behind them.

import type {
  Config, Handshake, Preset, Signed, SignRequest, Verdict, Verifier, VerifierOnly, WebhookRequest,
} from "./types.ts";

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** The function of a verifier that verifies and nothing else, which `make` gives when needed. */
export function functionOf(make: () => VerifierOnly): VerifierOnly {
  const verifier = once(make);
  return {
    verify: (request: WebhookRequest, config: Config): Verdict =>
      verifier().verify(request, config),
  };
}

/** The same of a whole one. */
export function functionsOf(make: () => Verifier): Verifier {
  const verifier = once(make);
  return {
    ...functionOf(verifier),
    sign: (request: SignRequest, config: Config): Signed => verifier().sign(request, config),
    handshake: (request: WebhookRequest, config: Config): Handshake =>
      verifier().handshake(request, config),
    presets: (): readonly Preset[] => verifier().presets(),
  };
}
