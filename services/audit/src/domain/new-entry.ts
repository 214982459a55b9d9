import { createHash } from 'node:crypto';

import type { EntryBody, EntryKind } from '@action-mesh/contracts/audit';

/** A fact: text, whole number, truth, or a list or object of facts. Undefined members are left out. */
export type Fact =
  | string
  | number
  | boolean
  | undefined
  | readonly Fact[]
  | { readonly [name: string]: Fact };

/** The facts of a transition, by name. */
export interface Facts {
  readonly [name: string]: Fact;
}

/** A transition that is not in the chain yet. */
export interface NewEntry {
  readonly tenantId: string;
  readonly id: string;
  readonly kind: EntryKind;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly source?: EntryBody['source'];
  readonly traceId?: string | undefined;
  /** The span that published the record. It is not part of the entry; the step log shows it. */
  readonly spanId?: string | undefined;
  readonly callId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly runId?: string | undefined;
  readonly step?: number | undefined;
  readonly tool?: string | undefined;
  readonly toolVersion?: string | undefined;
  readonly status?: string | undefined;
  readonly errorCategory?: string | undefined;
  /** The user whose data the content is. Absent: the content belongs to the tenant. */
  readonly userId?: string | undefined;
  /** Nothing personal and nothing secret: they stay for ever. */
  readonly facts: Facts;
  /** JSON text of an object, without secrets. */
  readonly content?: string | undefined;
}

/** The id of the entry of a record. It follows from type and bytes, so it is equal for every delivery of the record. */
export function entryId(type: string, value: Uint8Array | string): string {
  const digest = createHash('sha256').update(type).update('\0').update(value).digest();
  // A UUIDv8 holds 122 bits of the digest.
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * The entry without undefined facts and without half characters, which neither canonical JSON nor PostgreSQL takes. Content
 * is JSON text, where such a character is an escape.
 */
export function wellFormedEntry(entry: NewEntry): NewEntry {
  return wellFormed(entry) as NewEntry;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const copy: Record<string, unknown> = {};
  for (const name in value) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) copy[name] = wellFormed(member);
  }
  return copy;
}
