import type { DeclaredTrigger } from '@action-mesh/contracts/webhooks';

/** A request for a trigger, before anything of it is proved. */
export interface SignedRequest {
  readonly method: string;
  /** The address as the sender wrote it: origin, path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as it arrived. */
  readonly body: Buffer;
}

/** The faults of a request. They are for the tenant's eyes: the sender gets one answer for all. */
export type SignatureFault =
  | 'signature_missing'
  | 'signature_malformed'
  | 'signature_wrong'
  | 'time_missing'
  | 'time_malformed'
  | 'time_too_far'
  | 'id_missing';

/** The parts of a request that its scheme reads. */
export interface SignatureClaim {
  /** The bytes that the sender signed, in pieces. */
  readonly signed: readonly (string | Buffer)[];
  /** The signatures of the request. One of them must be right. */
  readonly signatures: readonly Buffer[];
  readonly algorithm: 'sha256' | 'sha512';
  /** The signed time in milliseconds. Absent: the scheme signs no time. */
  readonly atMs?: number;
  /** The id that repetitions share, in a header. */
  readonly deliveryId?: string;
  /** Whether the signature covers the id. Otherwise anybody who saw the request could give it another one. */
  readonly isIdSigned: boolean;
}

/** Reads the claim of a request. It decides nothing, and takes time linear in the headers. */
export type ReadClaim = (
  request: SignedRequest,
  trigger: Pick<DeclaredTrigger, 'hmac'>,
) => SignatureClaim | SignatureFault;

/** The key of a secret in its scheme. Undefined for a text that is no such secret. */
export type KeyOfSecret = (secret: string) => Buffer | undefined;

/** The longest header that a scheme reads, in characters. */
const longestHeader = 2_048;
/** The most signatures that are compared. */
const mostSignatures = 10;

/** A header with one value of a bounded length. */
export function headerOf({ headers }: SignedRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value.length <= longestHeader ? value.trim() : undefined;
}

/** The bytes of signatures in hex. A text that is no digest of the algorithm is left out. */
export function hexDigests(texts: readonly string[], algorithm: 'sha256' | 'sha512'): Buffer[] {
  return digests(texts, 'hex', algorithm);
}

/** The bytes of signatures in base64. A text that is no digest of the algorithm is left out. */
export function base64Digests(texts: readonly string[], algorithm: 'sha256' | 'sha512'): Buffer[] {
  return digests(texts, 'base64', algorithm);
}

const forms = { hex: /^[0-9a-fA-F]+$/, base64: /^[A-Za-z0-9+/_-]+={0,2}$/ } as const;
const digestBytes = { sha256: 32, sha512: 64 } as const;

function digests(
  texts: readonly string[],
  encoding: 'hex' | 'base64',
  algorithm: 'sha256' | 'sha512',
): Buffer[] {
  return texts
    .slice(0, mostSignatures)
    .filter((text) => forms[encoding].test(text))
    .map((text) => Buffer.from(text, encoding))
    .filter((bytes) => bytes.length === digestBytes[algorithm]);
}

/** Unix time in whole seconds, as milliseconds. */
export function unixSeconds(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : undefined;
}
