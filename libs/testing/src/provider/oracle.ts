/**
 * The words that the simulator process and its client share. Everything here crosses HTTP as JSON.
 */

/** What happens to a request that matches. `keyed`, `probeable`, `opaque`, `read` say what the endpoint *is*; the rest how it fails. */
export type SimulatedMode =
  /** Answers at once. Listed to end an older, broader fault for a narrower path. */
  | { readonly mode: 'ok' }
  /** Applies the effect, then answers after `ms`. */
  | { readonly mode: 'delay'; readonly ms: number }
  /** Refuses with this status. No effect, unless `effect` says so (a 2xx has one by default). */
  | {
      readonly mode: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      /** The exact text of the body, in place of `body`. */
      readonly text?: string;
      readonly effect?: boolean;
    }
  /** Applies the effect and then claims to have failed. @default status 500 */
  | { readonly mode: 'error-after-effect'; readonly status?: number }
  /** Reads the whole request, answers nothing. @default effect true, reset false (FIN instead of RST) */
  | { readonly mode: 'close-before-response'; readonly effect?: boolean; readonly reset?: boolean }
  /** Sends the head and half of the body, then closes. @default effect true, reset false */
  | { readonly mode: 'close-mid-body'; readonly effect?: boolean; readonly reset?: boolean }
  /** Never answers and keeps the connection open. @default effect true */
  | { readonly mode: 'hang'; readonly effect?: boolean }
  /** Answers 429 with `Retry-After` (whole seconds) beyond `limit` requests in any fixed window. */
  | { readonly mode: 'rate-limit'; readonly limit: number; readonly windowMs: number }
  /** Honours `Idempotency-Key`: 409 while the first is in flight, 422 for another request under the key. @default ttlMs 24 h */
  | { readonly mode: 'keyed'; readonly ttlMs?: number }
  /** `GET path?reference=R` finds what was posted with `{reference: R}`. @default field 'reference', visibleAfterMs 0 */
  | { readonly mode: 'probeable'; readonly field?: string; readonly visibleAfterMs?: number }
  /** Every accepted write is a new effect, whatever key it carries. */
  | { readonly mode: 'opaque' }
  /** A request without effect, whatever its method. */
  | { readonly mode: 'read' };

export type ModeName = SimulatedMode['mode'];

/** Which requests a behaviour is for. All that is given must match; the newest matching behaviour wins. */
export interface RequestMatch {
  /** Prefix of the path. */
  readonly path?: string;
  readonly method?: string;
  /** The effect key: call hash, else idempotency key. */
  readonly key?: string;
}

export type Behaviour = SimulatedMode & {
  readonly match: RequestMatch;
  /** How many requests it lasts for. @default without end */
  readonly times?: number;
};

/** `new`: state changed. `repeat`: a write that changed nothing, being known already. `refused`: a write that was turned away. */
export type EffectOutcome = 'none' | 'new' | 'repeat' | 'refused' | 'incomplete';

/** One request as the provider saw it, kept before the answer left. */
export interface RecordedRequest {
  readonly seq: number;
  /** Monotonic milliseconds since the simulator started. */
  readonly atMs: number;
  /** Number of the TCP connection it came in on, from 1. */
  readonly connection: number;
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** What effects are counted by: `x-mesh-call-hash`, else `idempotency-key`, else method, path and body digest. */
  readonly key: string;
  readonly callId?: string;
  readonly idempotencyKey?: string;
  readonly traceparent?: string;
  /** SHA-256 (hex) of the `authorization` header; absent when there was none. The credential itself is not kept. */
  readonly authorizationDigest?: string;
  readonly bodyDigest: string;
  readonly bodyBytes: number;
  /** The parsed JSON body, when there was one of at most 16 KB. */
  readonly body?: unknown;
  readonly effect: EffectOutcome;
  /** The fault that it met; `ok` when none. */
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
  /** Keys with more than one effect: what must stay empty. */
  readonly duplicates: readonly KeyedEffectCount[];
  /** Every key, in order of first arrival; cut at `limit`. */
  readonly byKey: readonly KeyedEffectCount[];
}

export interface RequestFilter {
  readonly path?: string;
  readonly method?: string;
  readonly key?: string;
  readonly callId?: string;
  /** Of the newest. @default 10 000 */
  readonly limit?: number;
}

export interface EffectFilter {
  readonly key?: string;
  /** How many of `byKey` and of `duplicates` to return. @default 10 000 */
  readonly limit?: number;
}

export interface SimulatorOptions {
  /** @default a free port */
  readonly port?: number;
  /** Keep counters per effect key and no list of requests: for runs with a million of them. @default false */
  readonly compact?: boolean;
  /** Requests kept; the oldest are forgotten first. Counters are never forgotten. @default 200 000 */
  readonly maxRequests?: number;
  /** How long an idle connection is kept, milliseconds. @default 65 000 */
  readonly keepAliveTimeoutMs?: number;
}
