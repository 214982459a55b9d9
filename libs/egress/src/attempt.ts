/**
 * Why a request was certainly not sent. `denied` comes from the egress policy; the others come from the network or the
 * caller.
 */
export type NotSentReason =
  | 'denied'
  | 'dns'
  | 'refused'
  | 'connect_timeout'
  | 'tls'
  /** A pooled connection broke before the request was handed to it. */
  | 'stale_connection'
  /** `signal`, `beforeSend` or `close()` withdrew the request. */
  | 'aborted';

/** Why the effect of a request is unknown. `protocol`: the received bytes are not HTTP. */
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

/** No byte of the request reached the network. It can safely be sent again. */
export interface NotSent {
  readonly kind: 'not_sent';
  readonly reason: NotSentReason;
  readonly code: NotSentCode;
  /** Safe to show to the caller. */
  readonly message: string;
  /** For audit and logs only. It names addresses and system errors, so it must not reach the caller. */
  readonly detail: string;
  /** True: the same request may succeed later. */
  readonly retryable: boolean;
}

/** A complete status line and head arrived. The provider has answered, even if the body broke off. */
export interface Responded {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Without its content codings. If it is not whole: the received part, or nothing. At most `maxResponseBytes`. */
  readonly body: Buffer;
  /** False: the body was cut, broke off, or does not decode. */
  readonly bodyComplete: boolean;
  /** The body was longer than `maxResponseBytes`, received or decoded. */
  readonly truncated: boolean;
  /**
   * The codings of a whole body that were not removed, because one is unknown or they are too many. `body` is still
   * coded.
   */
  readonly undecoded?: string;
  readonly durationMs: number;
}

/** The request was handed to the network and no answer came. It may have taken effect, or may yet take effect. */
export interface Indeterminate {
  readonly kind: 'indeterminate';
  readonly reason: IndeterminateReason;
  readonly message: string;
  readonly detail: string;
  readonly durationMs: number;
}

/** The end of one request. */
export type Attempt = NotSent | Responded | Indeterminate;

const deniedByPolicy = 'the destination or the request is not allowed by the egress policy';

/** A refusal by the egress policy. Every caller gets the same message; `detail` has the reason. */
export function denied(code: NotSentCode, detail: string): NotSent {
  return { kind: 'not_sent', reason: 'denied', code, message: deniedByPolicy, detail, retryable: false };
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
