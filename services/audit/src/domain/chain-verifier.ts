/**
 * Verifies a chain, one record after the other, in constant memory.
 *
 * - AV1: the first record follows the anchor, and every other one the record before it. So nothing is missing, inserted,
 *   swapped or forked.
 * - AV2: a hash covers place, predecessor and body. A signature confirms the last record of every append, so nobody
 *   without the key can make a chain, or another end of one.
 * - AV3: content and the name of the user equal their digests. They may be missing only for a person with a later entry
 *   `person.erased`.
 */
import { entryBodySchema, type EntryBody } from '@action-mesh/contracts/audit';

import { entryHash } from './chain-hash.js';
import type { ChainEnd } from './chain-record.js';
import { contentDigest, userDigest, writeBody } from './entry-text.js';
import type { ChainPublicKeys } from './signing-keys.js';

/** What is wrong with a record. The codes are part of the answer of `GET /v1/audit/verify`. */
export type ChainProblemCode =
  | 'missing_entries'
  | 'fork'
  | 'link_broken'
  | 'body_unreadable'
  | 'body_changed'
  | 'columns_changed'
  | 'content_changed'
  | 'content_missing'
  | 'user_changed'
  | 'signature_invalid'
  | 'end_unsigned'
  | 'end_missing'
  | 'checkpoint_differs'
  | 'mark_invalid';

export interface ChainProblem {
  /** The first wrong place. */
  readonly seq: number;
  readonly code: ChainProblemCode;
  readonly message: string;
}

/** A record as it is stored or exported. */
export interface VerifiableRecord {
  readonly seq: number;
  readonly previous: Uint8Array;
  readonly hash: Uint8Array;
  readonly signature: Uint8Array | undefined;
  readonly body: string;
  readonly content: string | undefined;
  /** The key of the digest of the content. Absent: it was erased. */
  readonly contentKey: Uint8Array | undefined;
  /** The name that readers see. Empty or absent: the tenant itself, nobody, or an erased user. */
  readonly userId: string | undefined;
  /** The key of the digest of the name. Absent: it was erased. */
  readonly userKey: Uint8Array | undefined;
  /** The members of the body that the storage repeats for searches. */
  readonly repeated?: Readonly<Partial<Record<keyof EntryBody, string | Date | undefined>>>;
}

/** A signed place in the chain that an auditor kept elsewhere. */
export interface KeptCheckpoint {
  readonly seq: number;
  readonly hash: Uint8Array;
}

export interface ChainVerifierOptions {
  readonly tenantId: string;
  readonly keys: ChainPublicKeys;
  /** The place before the first record. */
  readonly anchor: ChainEnd;
  /** Checkpoints from outside of the storage. Those of places before the anchor are of no use. @default none */
  readonly checkpoints?: readonly KeptCheckpoint[];
}

const otherEntry = 'a checkpoint confirms another entry at this place';

export class ChainVerifier {
  readonly #options: ChainVerifierOptions;
  readonly #checkpoints: ReadonlyMap<number, KeptCheckpoint>;
  #end: ChainEnd;
  #isSigned = true;
  /** The first entry without content or name of each person who is not known to be erased. */
  readonly #missing = new Map<string, number>();

  constructor(options: ChainVerifierOptions) {
    this.#options = options;
    this.#end = options.anchor;
    this.#checkpoints = new Map((options.checkpoints ?? []).map((kept) => [kept.seq, kept]));
  }

  /** The last verified place. */
  get end(): ChainEnd {
    return this.#end;
  }

  /** Persons whose content or name is missing without an entry that says so yet, each with the first such place. */
  get unexplained(): ReadonlyMap<string, number> {
    return this.#missing;
  }

  /** The problem of the next record, or undefined. After a problem the verifier is of no use. */
  add(record: VerifiableRecord): ChainProblem | undefined {
    return this.#placeProblem(record) ?? this.#bodyProblem(record) ?? this.#accept(record);
  }

  /** The problem of the end, or undefined. `head` is the end of the chain that the storage names. */
  finish(head: ChainEnd | undefined): ChainProblem | undefined {
    const { seq, hash } = this.#end;
    const missing = this.contentProblem();
    if (missing !== undefined) return missing;
    if (!this.#isSigned)
      return problem(seq, 'end_unsigned', 'the last entry has no signature: entries after it are gone');
    if (head !== undefined && (head.seq !== seq || !equal(head.hash, hash)))
      return problem(
        Math.min(seq, head.seq) + 1,
        'end_missing',
        `the chain ends at ${seq}, and its head names ${head.seq}`,
      );
    const { anchor } = this.#options;
    const atAnchor = this.#checkpoints.get(anchor.seq);
    if (atAnchor !== undefined && !equal(atAnchor.hash, anchor.hash))
      return problem(anchor.seq, 'checkpoint_differs', otherEntry);
    const beyond = [...this.#checkpoints.keys()]
      .filter((kept) => kept > seq)
      .sort((one, other) => one - other);
    return beyond[0] === undefined
      ? undefined
      : problem(
          seq + 1,
          'end_missing',
          `a checkpoint confirms entry ${beyond[0]}, and the chain ends at ${seq}`,
        );
  }

  /** An entry beyond the verified ones says that the person was erased. */
  erased(person: string): void {
    this.#missing.delete(person);
  }

  /** The problem of content that is missing, if no erasure explains it. */
  contentProblem(): ChainProblem | undefined {
    const [missing] = [...this.#missing.values()].sort((one, other) => one - other);
    return missing === undefined
      ? undefined
      : problem(
          missing,
          'content_missing',
          'content or the name of its user is gone, and no erasure says so',
        );
  }

  #placeProblem({ seq, previous }: VerifiableRecord): ChainProblem | undefined {
    const expected = this.#end.seq + 1;
    if (seq > expected)
      return problem(expected, 'missing_entries', `entries ${expected} to ${seq - 1} are missing`);
    if (seq < expected) return problem(seq, 'fork', `there is more than one entry ${seq}`);
    return equal(previous, this.#end.hash)
      ? undefined
      : problem(seq, 'link_broken', `the entry does not follow entry ${seq - 1}`);
  }

  #bodyProblem(record: VerifiableRecord): ChainProblem | undefined {
    const { seq, previous, hash, body, signature } = record;
    if (!equal(entryHash(seq, previous, body), hash))
      return problem(seq, 'body_changed', 'the hash does not fit the entry');
    const kept = this.#checkpoints.get(seq);
    if (kept !== undefined && !equal(kept.hash, hash)) return problem(seq, 'checkpoint_differs', otherEntry);
    const { tenantId, keys } = this.#options;
    if (signature !== undefined && !keys.isCheckpoint({ tenantId, seq, hash }, signature))
      return problem(seq, 'signature_invalid', 'no trusted key made the signature of the entry');
    return undefined;
  }

  #accept(record: VerifiableRecord): ChainProblem | undefined {
    const { seq, hash, signature, repeated } = record;
    const body = entryBodyOf(record.body);
    if (body === undefined) return problem(seq, 'body_unreadable', 'the entry is not one of a known version');
    if (repeated !== undefined) {
      const column = Object.entries(repeated).find(
        ([name, value]) => !isSameMember(body[name as keyof EntryBody], value),
      );
      if (column !== undefined)
        return problem(seq, 'columns_changed', `the column ${column[0]} differs from the entry`);
    }
    const wrong = this.#contentProblem(record, body) ?? this.#userProblem(record, body);
    if (wrong !== undefined) return wrong;
    if (body.kind === 'person.erased' && body.person !== undefined) this.#missing.delete(body.person);
    this.#end = { seq, hash: Buffer.from(hash) };
    this.#isSigned = signature !== undefined;
    return undefined;
  }

  #contentProblem({ seq, content, contentKey }: VerifiableRecord, body: EntryBody): ChainProblem | undefined {
    if (body.content === undefined || body.facts['content_kept'] === false)
      return content === undefined ? undefined : problem(seq, 'content_changed', 'the entry has no content');
    if (content === undefined) return this.#noteMissing(seq, body);
    if (contentKey === undefined)
      return problem(seq, 'content_changed', 'the content has no key, so nothing proves it');
    return contentDigest(contentKey, content) === body.content
      ? undefined
      : problem(seq, 'content_changed', 'the content does not fit its digest');
  }

  #userProblem({ seq, userId = '', userKey }: VerifiableRecord, body: EntryBody): ChainProblem | undefined {
    if (body.user === undefined) {
      const mayHaveName = body.person !== undefined && body.kind !== 'person.erased';
      return mayHaveName || userId === ''
        ? undefined
        : problem(seq, 'user_changed', 'the entry concerns no user, and a name stands beside it');
    }
    if (userKey === undefined && userId === '') return this.#noteMissing(seq, body);
    return userKey !== undefined && userDigest(userKey, userId) === body.user
      ? undefined
      : problem(seq, 'user_changed', 'the name of the user does not fit its digest');
  }

  /** Remembers a gap that only an erasure explains. */
  #noteMissing(seq: number, { person = '' }: EntryBody): ChainProblem | undefined {
    if (!this.#missing.has(person)) this.#missing.set(person, seq);
    return undefined;
  }
}

/** The body of a text, if it is canonical and of a known version. */
export function entryBodyOf(text: string): EntryBody | undefined {
  try {
    const read = entryBodySchema.safeParse(JSON.parse(text));
    return read.success && writeBody(read.data) === text ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function problem(seq: number, code: ChainProblemCode, message: string): ChainProblem {
  return { seq, code, message };
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Times are equal when they name the same millisecond: a column holds no text of its own. */
function isSameMember(member: unknown, repeated: unknown): boolean {
  if (repeated instanceof Date)
    return typeof member === 'string' && Date.parse(member) === repeated.getTime();
  return member === repeated;
}
