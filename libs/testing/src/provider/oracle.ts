/**
 * The types of the protocol between the simulator process and its client. All values cross HTTP as JSON.
 */

/**
 * The behaviour for a matching request. `keyed`, `probeable`, `opaque` and `read` are kinds of endpoints,
 * `authorized` checks callers, and the rest are faults.
 */
export type SimulatedMode =
  /** Answers at once. It ends an older, broader fault for a narrower path. */
  | { readonly mode: 'ok' }
  /** Applies the effect, then answers after `ms`. */
  | { readonly mode: 'delay'; readonly ms: number }
  /** Refuses with this status. It has no effect unless `effect` is set; a 2xx has one by default. */
  | {
      readonly mode: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      /** The exact text of the body, in place of `body`. */
      readonly text?: string;
      readonly effect?: boolean;
    }
  /** Applies the effect and then answers with a failure. @default status 500 */
  | { readonly mode: 'error-after-effect'; readonly status?: number }
  /**
   * Reads the whole request and answers nothing. `reset` sends RST instead of FIN. @default effect true, reset false
   */
  | { readonly mode: 'close-before-response'; readonly effect?: boolean; readonly reset?: boolean }
  /** Sends the head and half of the body, then closes. @default effect true, reset false */
  | { readonly mode: 'close-mid-body'; readonly effect?: boolean; readonly reset?: boolean }
  /** Never answers and keeps the connection open. @default effect true */
  | { readonly mode: 'hang'; readonly effect?: boolean }
  /** Answers 429 with `Retry-After` (whole seconds) beyond `limit` requests in any fixed window. */
  | { readonly mode: 'rate-limit'; readonly limit: number; readonly windowMs: number }
  /**
   * Honours `Idempotency-Key`: 409 while the first request is in flight, 422 for another request under the key.
   * @default ttlMs 24 h
   */
  | { readonly mode: 'keyed'; readonly ttlMs?: number }
  /** `GET path?reference=R` finds an item posted with `{reference: R}`. @default field 'reference', visibleAfterMs 0 */
  | { readonly mode: 'probeable'; readonly field?: string; readonly visibleAfterMs?: number }
  /** Every accepted write is a new effect, with any key or none. */
  | { readonly mode: 'opaque' }
  /** A request without effect, by any method. */
  | { readonly mode: 'read' }
  /**
   * Asks `checkUrl` with the `authorization` of the request, as an API asks its authorization server. A 2xx answer names
   * the account in `id` or `sub`. Any other answer refuses the request with 401, without effect.
   */
  | { readonly mode: 'authorized'; readonly checkUrl: string };

export type ModeName = SimulatedMode['mode'];

/** Selects the requests of a behaviour. All given fields must match. The newest matching behaviour wins. */
export interface RequestMatch {
  /** Prefix of the path. */
  readonly path?: string;
  readonly method?: string;
  /** The effect key: call hash, else idempotency key. */
  readonly key?: string;
}

export type Behaviour = SimulatedMode & {
  readonly match: RequestMatch;
  /** The number of requests that it applies to. @default no limit */
  readonly times?: number;
};

/** `new`: the state changed. `repeat`: a known write changed nothing. `refused`: a write was refused. */
export type EffectOutcome = 'none' | 'new' | 'repeat' | 'refused' | 'incomplete';

/** One request as the provider saw it, recorded before the answer left. */
export interface RecordedRequest {
  readonly seq: number;
  /** Monotonic milliseconds since the simulator started. */
  readonly atMs: number;
  /** The number of its TCP connection, from 1. */
  readonly connection: number;
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** The key that groups effects: `x-mesh-call-hash`, else `idempotency-key`, else method, path and body digest. */
  readonly key: string;
  readonly callId?: string;
  readonly idempotencyKey?: string;
  readonly traceparent?: string;
  /** SHA-256 (hex) of the `authorization` header. Absent without the header. The credential itself is not kept. */
  readonly authorizationDigest?: string;
  /** The account of the token. Only where requests are `authorized`. */
  readonly account?: string;
  readonly bodyDigest: string;
  readonly bodyBytes: number;
  /** The parsed JSON body, if there is one of at most 16 KB. */
  readonly body?: unknown;
  readonly effect: EffectOutcome;
  /** The fault of this request; `ok` without one. */
  readonly mode: ModeName;
}

export interface KeyedEffectCount {
  readonly key: string;
  readonly requests: number;
  readonly effects: number;
}

export interface EffectReport {
  readonly requests: number;
  readonly effects: number;
  /** Distinct effect keys seen, reads included. */
  readonly keys: number;
  /** Keys with more than one effect. Tests expect none. */
  readonly duplicates: readonly KeyedEffectCount[];
  /** Every key, in order of first arrival; cut at `limit`. */
  readonly byKey: readonly KeyedEffectCount[];
}

export interface RequestFilter {
  readonly path?: string;
  readonly method?: string;
  readonly key?: string;
  readonly callId?: string;
  /** The number of newest requests to return. @default 10 000 */
  readonly limit?: number;
}

export interface EffectFilter {
  readonly key?: string;
  /** The number of entries of `byKey` and of `duplicates` to return. @default 10 000 */
  readonly limit?: number;
}

export interface SimulatorOptions {
  /** @default a free port */
  readonly port?: number;
  /** Keeps counters per effect key and no list of requests, for runs with a million requests. @default false */
  readonly compact?: boolean;
  /** Requests kept; the oldest are forgotten first. Counters are never forgotten. @default 200 000 */
  readonly maxRequests?: number;
  /** The time that an idle connection stays open, milliseconds. @default 65 000 */
  readonly keepAliveTimeoutMs?: number;
}
