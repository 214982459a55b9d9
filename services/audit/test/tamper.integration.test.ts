import { leakCheck } from '@action-mesh/testing';

import { requireKeyOfHistory } from '../src/adapters/postgres/history-key.js';
import type { KeptCheckpoint } from '../src/domain/chain-verifier.js';
import { entryHash, genesisHash } from '../src/domain/chain-hash.js';
import { ChainPublicKeys, ChainSigner, newSigningKey } from '../src/domain/signing-keys.js';
import { hasHistory } from '../src/index.js';
import { AuditStage, sampleEntry } from './audit-stage.js';

let stage: AuditStage;
beforeAll(async () => {
  stage = await AuditStage.start();
});
afterAll(() => stage[Symbol.asyncDispose]());
leakCheck();

let tenants = 0;

/** A chain of twelve entries in four appends, in the chain of a fresh tenant. */
async function chain(): Promise<string> {
  const tenantId = `t${(tenants += 1)}`;
  const log = stage.log();
  for (let append = 0; append < 4; append += 1)
    await log.append([1, 2, 3].map((step) => sampleEntry({ tenantId, step })));
  return tenantId;
}

/** Changes the stored rows as somebody with all rights on the database could. */
async function tamper(tenantId: string, ...statements: string[]): Promise<void> {
  for (const statement of statements) await stage.pool.query(statement, [tenantId]);
}

async function verdictOf(tenantId: string, checkpoints: KeptCheckpoint[] = []) {
  const verification = await stage.verify({ tenantId, checkpoints });
  return verification?.problem === undefined
    ? { complete: verification?.complete, to: verification?.to }
    : { code: verification.problem.code, seq: verification.problem.seq };
}

interface HeadOfChain {
  readonly seq: string;
  readonly hash: Buffer;
}

async function headOf(tenantId: string): Promise<KeptCheckpoint> {
  const { rows } = await stage.pool.query<HeadOfChain>('SELECT seq, hash FROM chain WHERE tenant_id = $1', [
    tenantId,
  ]);
  const [head] = rows;
  if (head === undefined) throw new Error('no chain');
  return { seq: Number(head.seq), hash: head.hash };
}

/** Moves the head of a chain to its last entry. */
const moveHead = `UPDATE chain SET (seq, hash) = (SELECT seq, hash FROM entry WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1)
                   WHERE tenant_id = $1`;

/** Writes all hashes and links after a place anew, without the signing key. */
async function rebuild(tenantId: string, from: number): Promise<void> {
  const { rows } = await stage.pool.query<{ seq: string; body: string; hash: Buffer }>(
    'SELECT seq, body, hash FROM entry WHERE tenant_id = $1 ORDER BY seq',
    [tenantId],
  );
  let previous = genesisHash(tenantId);
  await stage.pool.query(
    `UPDATE entry SET prev_hash = decode(md5(seq::text) || md5(seq::text), 'hex') WHERE tenant_id = $1 AND seq >= $2`,
    [tenantId, from],
  );
  for (const row of rows) {
    const seq = Number(row.seq);
    const hash = seq < from ? row.hash : entryHash(seq, previous, row.body);
    if (seq >= from)
      await stage.pool.query('UPDATE entry SET prev_hash = $3, hash = $4 WHERE tenant_id = $1 AND seq = $2', [
        tenantId,
        seq,
        previous,
        hash,
      ]);
    previous = Buffer.from(hash);
  }
  await tamper(tenantId, moveHead);
}

describe('a chain that nobody touched', () => {
  it('verifies as a whole, and page by page', async () => {
    const tenantId = await chain();
    expect(await verdictOf(tenantId)).toEqual({ complete: true, to: 12 });
    expect(await verdictOf(tenantId, [await headOf(tenantId)])).toEqual({ complete: true, to: 12 });
    const first = await stage.verify({ tenantId, limit: 5 });
    expect(first).toMatchObject({ from: 1, to: 5, complete: false });
    expect(first?.problem).toBeUndefined();
    const rest = await stage.verify({ tenantId, after: 5 });
    expect(rest).toMatchObject({ from: 6, to: 12, complete: true });
    expect(rest?.problem).toBeUndefined();
  });
});

describe('somebody who changed the database is found', () => {
  it.each([
    [
      'a changed fact',
      `UPDATE entry SET body = replace(body, '"duration_ms":42', '"duration_ms":43') WHERE tenant_id = $1 AND seq = 5`,
      'body_changed',
      5,
    ],
    [
      'a changed byte of a hash',
      `UPDATE entry SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE tenant_id = $1 AND seq = 5`,
      'body_changed',
      5,
    ],
    [
      'a changed column',
      `UPDATE entry SET status = 'failed' WHERE tenant_id = $1 AND seq = 5`,
      'columns_changed',
      5,
    ],
    [
      'a changed time',
      `UPDATE entry SET at = at + interval '1 millisecond' WHERE tenant_id = $1 AND seq = 5`,
      'columns_changed',
      5,
    ],
    [
      'changed content',
      `UPDATE entry SET content = replace(content, 'ada', 'eve') WHERE tenant_id = $1 AND seq = 5`,
      'content_changed',
      5,
    ],
    [
      'removed content',
      `UPDATE entry SET content = NULL WHERE tenant_id = $1 AND seq = 5`,
      'content_missing',
      5,
    ],
    ['a removed person', `DELETE FROM person WHERE tenant_id = $1`, 'content_changed', 1],
    [
      'a changed name of a user',
      `UPDATE person SET user_id = 'eve' WHERE tenant_id = $1 AND user_id = 'ada'`,
      'user_changed',
      1,
    ],
    ['a deleted entry', `DELETE FROM entry WHERE tenant_id = $1 AND seq = 5`, 'missing_entries', 5],
    ['a deleted begin', `DELETE FROM entry WHERE tenant_id = $1 AND seq <= 3`, 'missing_entries', 1],
    ['a truncated end', `DELETE FROM entry WHERE tenant_id = $1 AND seq > 9`, 'end_missing', 10],
    ['a deleted head', `DELETE FROM chain WHERE tenant_id = $1`, 'end_missing', 1],
    [
      'a removed signature',
      `UPDATE entry SET signature = NULL WHERE tenant_id = $1 AND seq = 12`,
      'end_unsigned',
      12,
    ],
    [
      'a changed signature',
      `UPDATE entry SET signature = set_byte(signature, 3, get_byte(signature, 3) # 1) WHERE tenant_id = $1 AND seq = 6`,
      'signature_invalid',
      6,
    ],
  ])('%s', async (_what, statement, code, seq) => {
    const tenantId = await chain();
    await tamper(tenantId, statement);
    expect(await verdictOf(tenantId)).toEqual({ code, seq });
  });

  it('two swapped entries', async () => {
    const tenantId = await chain();
    await tamper(
      tenantId,
      'UPDATE entry SET seq = -4 WHERE tenant_id = $1 AND seq = 4',
      'UPDATE entry SET seq = 4 WHERE tenant_id = $1 AND seq = 5',
      'UPDATE entry SET seq = 5 WHERE tenant_id = $1 AND seq = -4',
    );
    expect(await verdictOf(tenantId)).toEqual({ code: 'link_broken', seq: 4 });
  });

  it('an inserted entry, with every later place moved', async () => {
    const tenantId = await chain();
    await tamper(
      tenantId,
      'UPDATE entry SET seq = seq + 1000 WHERE tenant_id = $1 AND seq >= 5',
      'UPDATE entry SET seq = seq - 999 WHERE tenant_id = $1 AND seq >= 1000',
      `INSERT INTO entry SELECT tenant_id, 5, gen_random_uuid(), sha256(hash), sha256(body::bytea), NULL, body, content, kind, at,
                                recorded_at, trace_id, call_id, agent_id, run_id, tool, status, error_category, person
         FROM entry WHERE tenant_id = $1 AND seq = 3`,
    );
    expect(await verdictOf(tenantId)).toEqual({ code: 'link_broken', seq: 5 });
  });

  it('a fork is impossible to store: two entries cannot follow the same one', async () => {
    const tenantId = await chain();
    await expect(
      tamper(
        tenantId,
        `INSERT INTO entry SELECT tenant_id, 100, gen_random_uuid(), prev_hash, sha256(hash), NULL, body, content, kind,
                                  at, recorded_at, trace_id, call_id, agent_id, run_id, tool, status, error_category, person
           FROM entry WHERE tenant_id = $1 AND seq = 5`,
      ),
    ).rejects.toThrow(/entry_tenant_id_prev_hash_key/);
  });

  it('a chain rebuilt from a changed entry on: its signatures do not fit', async () => {
    const tenantId = await chain();
    await tamper(
      tenantId,
      `UPDATE entry SET body = replace(body, '"duration_ms":42', '"duration_ms":43') WHERE tenant_id = $1 AND seq = 5`,
    );
    await rebuild(tenantId, 5);
    expect(await verdictOf(tenantId)).toEqual({ code: 'signature_invalid', seq: 6 });
    await tamper(tenantId, 'UPDATE entry SET signature = NULL WHERE tenant_id = $1 AND seq > 5');
    expect(await verdictOf(tenantId)).toEqual({ code: 'end_unsigned', seq: 12 });
  });

  it('a chain anchored anew without its first entries', async () => {
    const tenantId = await chain();
    await tamper(
      tenantId,
      'DELETE FROM entry WHERE tenant_id = $1 AND seq <= 3',
      // Numbers in use are never met, in whatever order the rows change.
      'UPDATE entry SET seq = seq + 1000 WHERE tenant_id = $1',
      'UPDATE entry SET seq = seq - 1003 WHERE tenant_id = $1',
    );
    await rebuild(tenantId, 1);
    expect(await verdictOf(tenantId)).toEqual({ code: 'signature_invalid', seq: 3 });
  });

  it('a chain that was moved to another tenant', async () => {
    const [tenantId, other] = [await chain(), 't-moved'];
    await stage.pool.query('UPDATE entry SET tenant_id = $2 WHERE tenant_id = $1', [tenantId, other]);
    await stage.pool.query('UPDATE chain SET tenant_id = $2 WHERE tenant_id = $1', [tenantId, other]);
    expect(await verdictOf(other)).toEqual({ code: 'link_broken', seq: 1 });
  });

  it('an end that was cut back to an earlier checkpoint, by a checkpoint that was kept elsewhere', async () => {
    const tenantId = await chain();
    const kept = await headOf(tenantId);
    await tamper(tenantId, 'DELETE FROM entry WHERE tenant_id = $1 AND seq > 9', moveHead);
    expect(await verdictOf(tenantId)).toEqual({ complete: true, to: 9 });
    expect(await verdictOf(tenantId, [kept])).toEqual({ code: 'end_missing', seq: 10 });
    await stage.log().append([1, 2, 3].map((step) => sampleEntry({ tenantId, step })));
    expect(await verdictOf(tenantId, [kept])).toEqual({ code: 'checkpoint_differs', seq: 12 });
  });

  it('a mark of retention that nobody signed', async () => {
    const tenantId = await chain();
    await tamper(
      tenantId,
      `INSERT INTO pruned_mark SELECT tenant_id, seq, hash, '2026-11-30T10:00:00.000Z', decode(repeat('00', 64), 'hex')
         FROM entry WHERE tenant_id = $1 AND seq = 3`,
      'DELETE FROM entry WHERE tenant_id = $1 AND seq <= 3',
    );
    expect(await verdictOf(tenantId)).toEqual({ code: 'mark_invalid', seq: 3 });
  });
});

describe('a signing key that is not the one of the history', () => {
  it('does not start audit, and the public key of the former one lets it', async () => {
    await chain();
    const former = stage.signer.publicKey;
    const variables = { AUDIT_SIGNING_KEY: newSigningKey() };
    const keysOf = (environment: object): ChainPublicKeys => {
      const { signingKey, formerPublicKeys } = stage.config({ ...variables, ...environment });
      return new ChainPublicKeys([new ChainSigner(signingKey).publicKey, ...formerPublicKeys]);
    };
    expect(await hasHistory(stage.database.url)).toBe(true);
    await expect(requireKeyOfHistory(stage.pool, keysOf({}))).rejects.toThrow(
      /AUDIT_SIGNING_KEY is not the key.*AUDIT_FORMER_PUBLIC_KEYS/s,
    );
    await requireKeyOfHistory(stage.pool, keysOf({ AUDIT_FORMER_PUBLIC_KEYS: former }));
    await requireKeyOfHistory(stage.pool, new ChainPublicKeys([former]));
  });
});
