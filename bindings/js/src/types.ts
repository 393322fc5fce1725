// What goes in and what comes out. Everything here is checked when it runs, too.

/**
 * The headers of a request.
 *
 * - `Headers` of the Fetch API. It joins a header that arrived twice with `", "`; where the scheme
 *   needs one text, such a value is refused as ambiguous.
 * - An object, as `IncomingMessage.headers` or `headersDistinct` of Node. Names in any case; a list
 *   is a header that arrived that often.
 * - Pairs in the order they arrived: nothing is joined, so a repeated header is seen as one.
 *
 * Values hold one character for each byte (Latin-1), as all runtimes hand them out. A value with
 * characters above U+00FF is taken as UTF-8.
 */
export type HeadersLike =
  | { get(name: string): string | null; [Symbol.iterator](): Iterator<[string, string]> }
  | { readonly [name: string]: string | readonly string[] | undefined }
  | readonly (readonly [name: string, value: string])[];

/** A request as it arrived. */
export interface WebhookRequest {
  /** "POST" where it is absent. */
  readonly method?: string;
  /**
   * The whole URL as the provider knows it. Few schemes sign it or look into its query; the others
   * need none. `config.url` corrects what a proxy changed.
   */
  readonly url?: string;
  readonly headers: HeadersLike;
  /**
   * The raw bytes, before anything parsed them; at most 32 MiB. A string is encoded as UTF-8, which
   * is exact where it was decoded as UTF-8 without loss.
   */
  readonly body: Uint8Array | ArrayBuffer | string;
}

/** A secret, and when it is valid: while a provider changes its secret, both are listed. */
export interface TimedSecret {
  /** As the provider's page shows it. */
  readonly value: string;
  /** Inclusive; in milliseconds since 1970, or a Date. Always, where it is absent. */
  readonly notBefore?: number | Date;
  /** Inclusive; in milliseconds since 1970, or a Date. For ever, where it is absent. */
  readonly notAfter?: number | Date;
}

export type Secret = string | TimedSecret;

/** A document that the caller fetched, and when. */
export interface FetchedDocument {
  /** At most 64 KiB. */
  readonly text: string;
  /**
   * In milliseconds since 1970. A key set is believed for 10 minutes and a certificate for a day;
   * then the document is `wanted` again. So is a key set that lacks a key, once it is a minute old.
   */
  readonly fetchedAt: number;
}

/**
 * How a provider signs, as data: the same object as `"scheme"` in a Sluice manifest. It may be
 * `like` a preset and change some of it. docs/manifest.md has every member.
 */
export interface SchemeDefinition {
  /** The preset to begin with. */
  readonly like?: string;
  readonly name?: string;
  readonly [member: string]: unknown;
}

/**
 * One source of webhooks. It is read once: make another object when a secret or a document changes.
 * What was prepared from it is kept as long as the object, for 256 of them at a time.
 */
export interface Config {
  /** The name of a preset (see `presets`), or a definition. */
  readonly scheme: string | SchemeDefinition;
  /** Secrets; for schemes with public keys those, in any form that a provider shows: PEM, DER in
   *  base64, JWK, raw. To sign by such a scheme: the private key. At most 64 with `keys`. */
  readonly secrets?: readonly Secret[];
  /** The same, for those who keep keys apart from secrets. They count behind the secrets. */
  readonly keys?: readonly Secret[];
  /**
   * Published keys by URL, for schemes that take them from the provider (JWKS, certificates). A
   * text without a time is taken to be current, whenever it was fetched.
   */
  readonly documents?: { readonly [url: string]: string | FetchedDocument };
  /**
   * The URL as the provider was given it, where a proxy changed it on the way. Where it holds no
   * query, that of the request is added.
   */
  readonly url?: string;
  /** What a handshake asks for, where a provider calls it a verify token. */
  readonly verifyToken?: string;
  /** Milliseconds since 1970, for tests. The clock, where it is absent. Read at every call. */
  readonly now?: number;
}

/** Why a request was refused. */
export type Reason =
  | "no_secret"
  | "header_missing"
  | "header_duplicate"
  | "header_malformed"
  | "timestamp_malformed"
  | "timestamp_too_old"
  | "timestamp_too_new"
  | "signature_malformed"
  | "signature_mismatch"
  | "key_expired"
  | "key_unknown"
  | "key_unavailable"
  | "body_too_large";

/** The request is from whom it says, and fresh. */
export interface Accepted {
  readonly ok: true;
  /** Which secret matched: its place in `secrets`, followed by `keys`. */
  readonly secret: number;
  /**
   * Names the delivery: repeats have the same one. What the provider calls its id; where it gives
   * none, the SHA-256 of the signed bytes in hex.
   */
  readonly identity: string;
  /** False: whoever holds one signed body can send it again under another identity. */
  readonly identitySigned: boolean;
  /** When the provider signed it, in milliseconds since 1970; null where the scheme has no time. */
  readonly signedAt: number | null;
}

/** The request is not accepted. Answer 401, and tell the sender nothing of this. */
export interface Refused {
  readonly ok: false;
  readonly reason: Reason;
  /** For your log: names of headers and numbers, no bytes of the request and no secret. */
  readonly detail: string;
  /** What is usually the cause. */
  readonly hints?: readonly string[];
  readonly wanted?: undefined;
}

/** There is no verdict yet: fetch this, and verify again with it in `config.documents`. */
export interface Wanted {
  readonly ok: false;
  readonly wanted: {
    /** Over https, and on a host that the scheme allows. Fetch it without following redirects. */
    readonly url: string;
    readonly kind: "key_set" | "certificate";
  };
  readonly reason?: undefined;
}

export type Verdict = Accepted | Refused | Wanted;

/** A request to sign. */
export interface SignRequest extends WebhookRequest {
  /** Names the delivery, the same at every attempt. Schemes that sign an id need it. */
  readonly id?: string;
}

export interface Signed {
  /** To add: signature, time, identity. Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Instead of the request's, where the scheme puts something into it. */
  readonly url?: string;
  /** Instead of the request's, where the scheme puts something into it. */
  readonly body?: Uint8Array<ArrayBuffer>;
}

export interface HandshakeReply {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array<ArrayBuffer>;
}

/** How to answer a request that asks whether this address takes webhooks. */
export type Handshake =
  /** It does not ask: it is an event, or nothing; `verify` it. */
  | { readonly kind: "none" }
  | { readonly kind: "reply"; readonly reply: HandshakeReply }
  /** Get `url`, which is the provider's, and answer when that is answered with 2xx. */
  | { readonly kind: "fetch"; readonly url: string; readonly reply: HandshakeReply }
  | { readonly kind: "refused"; readonly reason: Reason; readonly detail: string };

/** A known provider. */
export interface Preset {
  /** What `config.scheme` takes. */
  readonly name: string;
  /** "hmac", "asymmetric", "token", "jwt", "x509-url", "message-signature". */
  readonly family: string;
  readonly title: string;
  /** Where the provider documents it. */
  readonly source: string;
}

/** One instance of a module. Its function is synchronous and belongs to one thread. */
export interface VerifierOnly {
  /**
   * Whether a request is from whom it says, and fresh. Never throws for what a sender did.
   *
   * @throws TypeError for a config that cannot be used, with each fault and its place, and for
   * arguments of the wrong type.
   */
  verify(request: WebhookRequest, config: Config): Verdict;
}

/** One instance of the whole module. Its functions are synchronous and belong to one thread. */
export interface Verifier extends VerifierOnly {
  /**
   * Signs as the provider would: for tests, and to send webhooks of one's own.
   *
   * @throws TypeError for a config that cannot sign, or a request that the scheme cannot carry.
   */
  sign(request: SignRequest, config: Config): Signed;
  /**
   * Answers the questions that providers ask before they send. Call it before `verify` where the
   * provider asks such (Slack, Meta, Zoom ...).
   *
   * @throws TypeError as `verify` does.
   */
  handshake(request: WebhookRequest, config: Config): Handshake;
  /** Every provider that is known by name, in order. */
  presets(): readonly Preset[];
}
