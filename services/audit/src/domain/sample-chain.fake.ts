import { randomBytes, randomUUID } from 'node:crypto';

import { genesisHash } from './chain-hash.js';
import { nextRecord, type ChainEnd, type Person } from './chain-record.js';
import type { VerifiableRecord } from './chain-verifier.js';
import { userKeyOf } from './entry-text.js';
import { entryId, type NewEntry } from './new-entry.js';
import { ChainPublicKeys, ChainSigner, newSigningKey } from './signing-keys.js';

/** Chains in memory, whose records a test may change. */
export class SampleChains {
  readonly signer = new ChainSigner(newSigningKey());
  readonly keys = new ChainPublicKeys([this.signer.publicKey]);
  readonly records = new Map<string, VerifiableRecord[]>();
  readonly #people = new Map<string, Required<Person>>();

  /** Appends an entry of a user, or of the tenant itself. Returns its record. */
  append(tenantId: string, changed: Partial<NewEntry> = {}): VerifiableRecord {
    const chain = this.records.get(tenantId) ?? [];
    this.records.set(tenantId, chain);
    const id = entryId('sample', `${tenantId} ${chain.length}`);
    const at = '2026-11-30T10:00:00.000Z';
    const entry = { tenantId, id, kind: 'call.succeeded', at, facts: {}, ...changed } as const;
    const isErasure = entry.kind === 'person.erased';
    const { userId, ...known } = this.person(tenantId, entry.userId);
    const person: Person = isErasure ? known : { ...known, userId };
    const record = nextRecord(entry, {
      end: this.endOf(tenantId),
      person,
      recordedAt: at,
      keepContent: true,
    });
    const { seq, previous, hash, body, content } = record;
    const stored: VerifiableRecord = {
      seq,
      previous,
      hash,
      body,
      content,
      signature: this.signer.signCheckpoint({ tenantId, seq, hash }),
      contentKey: isErasure ? undefined : person.key,
      userId: isErasure ? undefined : userId,
      userKey: isErasure ? undefined : userKeyOf(person.key),
    };
    chain.push(stored);
    return stored;
  }

  /** Changes a stored record, as somebody with all rights on the storage could. */
  change(tenantId: string, seq: number, changed: Partial<VerifiableRecord>): void {
    const chain = this.records.get(tenantId) ?? [];
    const record = chain[seq - 1];
    if (record !== undefined) chain[seq - 1] = { ...record, ...changed };
  }

  person(tenantId: string, userId = ''): Required<Person> {
    const name = `${tenantId} ${userId}`;
    const person = this.#people.get(name) ?? { person: randomUUID(), key: randomBytes(32), userId };
    this.#people.set(name, person);
    return person;
  }

  endOf(tenantId: string): ChainEnd {
    const last = this.records.get(tenantId)?.at(-1);
    return last === undefined
      ? { seq: 0, hash: genesisHash(tenantId) }
      : { seq: last.seq, hash: Buffer.from(last.hash) };
  }

  /** The line of a kept checkpoint: the signed end of a chain now. */
  checkpoint(tenantId: string): string {
    const { seq, hash } = this.endOf(tenantId);
    const signature = this.signer.signCheckpoint({ tenantId, seq, hash }).toString('base64');
    return JSON.stringify({ tenant_id: tenantId, seq, hash: hash.toString('hex'), signature });
  }
}
