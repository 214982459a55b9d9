/** Why a request is known not to have been sent. `denied` is ours; the rest is the network's or the caller's. */
export type NotSentReason =
  | 'denied'
  | 'dns'
  | 'refused'
  | 'connect_timeout'
  | 'tls'
  /** A pooled connection broke before the request was handed to it. */
  | 'stale_connection'
  /** `signal`, `beforeSend` or `close()` said no. */
  | 'aborted';

/** Why nobody can know what a request did. `protocol`: what came back is not HTTP. */
export type IndeterminateReason = 'reset' | 'closed' | 'timeout' | 'aborted' | 'protocol';

/** Stable codes of `not_sent`. */
export type NotSentCode =
  | 'EGRESS_DENIED_URL'
  | 'EGRESS_DENIED_SCHEME'
  | 'EGRESS_DENIED_USERINFO'
  | 'EGRESS_DENIED_HOST'
  | 'EGRESS_DENIED_PORT'
  | 'EGRESS_DENIED_ADDRESS'
  | 'EGRESS_DENIED_METHOD'
  | 'EGRESS_DENIED_HEADER'
  | 'EGRESS_DNS'
  | 'EGRESS_REFUSED'
  | 'EGRESS_CONNECT_TIMEOUT'
  | 'EGRESS_DEADLINE'
  | 'EGRESS_TLS'
  | 'EGRESS_STALE_CONNECTION'
  | 'EGRESS_ABORTED'
  | 'EGRESS_CLOSED';

export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Not a byte of the request reached the network: it can be sent again, whatever it does. */
export interface NotSent {
  readonly kind: 'not_sent';
  readonly reason: NotSentReason;
  readonly code: NotSentCode;
  /** Safe to show to whoever asked for the request. */
  readonly message: string;
  /** For audit and logs; names addresses and system errors. Not for the one who asked. */
  readonly detail: string;
  /** Whether the same request may get further later. */
  readonly retryable: boolean;
}

/** A full status line and head came: the provider has spoken, even when the body broke off. */
export interface Responded {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Without its content codings; where it is not whole, as far as it came or nothing. At most `maxResponseBytes`. */
  readonly body: Buffer;
  /** False: it was cut, broke off, or does not decode. */
  readonly bodyComplete: boolean;
  /** The body was longer than `maxResponseBytes`, as it came or decoded. */
  readonly truncated: boolean;
  /** The codings of a whole body that are unknown here, or too many: `body` still has them all. */
  readonly undecoded?: string;
  readonly durationMs: number;
}

/** The request was handed to the network and no answer came: it may have taken effect, or may yet. */
export interface Indeterminate {
  readonly kind: 'indeterminate';
  readonly reason: IndeterminateReason;
  readonly message: string;
  readonly detail: string;
  readonly durationMs: number;
}

/** How one request ended. */
export type Attempt = NotSent | Responded | Indeterminate;

const DENIED = 'the destination or the request is not allowed by the egress policy';

/** A refusal of ours. Everyone is told the same; `detail` says why. */
export function denied(code: NotSentCode, detail: string): NotSent {
  return { kind: 'not_sent', reason: 'denied', code, message: DENIED, detail, retryable: false };
}

export function notSent(
  reason: NotSentReason,
  code: NotSentCode,
  message: string,
  detail: string,
  retryable = true,
): NotSent {
  return { kind: 'not_sent', reason, code, message, detail, retryable };
}
