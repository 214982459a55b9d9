import type { ChainEnd } from './chain-record.js';
import type { VerifiableRecord } from './chain-verifier.js';

/** The name of the form of an export. */
export const exportForm = 'action-mesh-audit/1';

/** The first line of an export: the place before its first entry. */
export interface ExportHead {
  readonly audit: typeof exportForm;
  readonly tenant_id: string;
  readonly anchor: {
    readonly seq: number;
    readonly hash: string;
    /** Only after retention: the time and the signature of its mark. */
    readonly at?: string;
    readonly signature?: string;
  };
  readonly public_key: string;
}

/** An entry of an export. Hashes and keys are hex, signatures base64. */
export interface ExportedEntry {
  readonly seq: number;
  readonly prev_hash: string;
  readonly hash: string;
  readonly signature?: string;
  readonly user_id?: string;
  /** The key of the digest of the name. */
  readonly user_key?: string;
  readonly entry: unknown;
  /** JSON text, exactly as its digest covers it. */
  readonly content?: string;
  readonly content_key?: string;
}

/** The last line of an export. */
export interface ExportEnd {
  readonly end: { readonly seq: number; readonly hash: string };
}

/** The last line of an export that retention interrupted. */
export interface ExportFault {
  readonly error: { readonly code: string; readonly message: string };
}

export function exportedEntry(record: VerifiableRecord): string {
  const { seq, previous, hash, signature, userId, userKey, content, contentKey } = record;
  const members = {
    seq,
    prev_hash: hex(previous),
    hash: hex(hash),
    signature: signature && Buffer.from(signature).toString('base64'),
    user_id: userId === '' ? undefined : userId,
    user_key: userKey && hex(userKey),
    content,
    content_key: content === undefined ? undefined : contentKey && hex(contentKey),
  };
  // The body is JSON already, and its text stays as it was hashed.
  return `${JSON.stringify(members).slice(0, -1)},"entry":${record.body}}`;
}

export function exportEnd({ seq, hash }: ChainEnd): ExportEnd {
  return { end: { seq, hash: hex(hash) } };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
