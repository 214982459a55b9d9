import { defined } from '@action-mesh/kernel';

import { entryHash } from './chain-hash.js';
import { contentDigest, userDigest, userKeyOf, writeBody } from './entry-text.js';
import type { NewEntry } from './new-entry.js';

/** An entry with its place in the chain, as it is stored. */
export interface ChainRecord {
  readonly seq: number;
  readonly previous: Buffer;
  readonly hash: Buffer;
  readonly body: string;
  readonly content: string | undefined;
}

/** A user in the chain: a random id, and the key of the digests of the user's data. */
export interface Person {
  readonly person: string;
  readonly key: Uint8Array;
  /** The name, empty for the tenant itself. Absent: the user is erased. */
  readonly userId?: string;
}

/** The end of a chain. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: Buffer;
}

/** The things around an entry that its record depends on. */
export interface EntrySurroundings {
  readonly end: ChainEnd;
  readonly person: Person | undefined;
  /** ISO 8601 in UTC. */
  readonly recordedAt: string;
  /** False: the chain gets the digest of the content, and nothing keeps the content. */
  readonly keepContent: boolean;
}

/** The next record of a chain, for a well-formed entry. Throws `UnrecordableEntryError`. */
export function nextRecord(
  entry: NewEntry,
  { end, person, recordedAt, keepContent }: EntrySurroundings,
): ChainRecord {
  const { content, facts } = entry;
  const isKept = content !== undefined && keepContent;
  const body = writeBody({
    v: 1,
    id: entry.id,
    kind: entry.kind,
    at: entry.at,
    recorded_at: recordedAt,
    facts: content === undefined || isKept ? { ...facts } : { ...facts, content_kept: false },
    ...defined({
      source: entry.source,
      trace_id: entry.traceId,
      call_id: entry.callId,
      agent_id: entry.agentId,
      run_id: entry.runId,
      step: entry.step,
      tool: entry.tool,
      tool_version: entry.toolVersion,
      status: entry.status,
      error_category: entry.errorCategory,
      person: person?.person,
      user: person?.userId === undefined ? undefined : userDigest(userKeyOf(person.key), person.userId),
      content: content === undefined || person === undefined ? undefined : contentDigest(person.key, content),
    }),
  });
  const seq = end.seq + 1;
  return {
    seq,
    previous: end.hash,
    hash: entryHash(seq, end.hash, body),
    body,
    content: isKept ? content : undefined,
  };
}
