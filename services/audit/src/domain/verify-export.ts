import { canonicalize, type JsonValue } from '@action-mesh/kernel';
import { z } from 'zod';

import { ExportInterruptedError } from './audit.errors.js';
import { genesisHash } from './chain-hash.js';
import { ChainVerifier, type ChainProblem, type KeptCheckpoint } from './chain-verifier.js';
import { exportForm } from './exported-line.js';
import type { ChainPublicKeys } from './signing-keys.js';

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

const headSchema = z.object({
  audit: z.literal(exportForm),
  tenant_id: z.string(),
  anchor: z.object({
    seq: z.int().min(0),
    hash: hashSchema,
    at: z.string().optional(),
    signature: z.string().optional(),
  }),
});

const entrySchema = z.object({
  seq: z.int().min(1),
  prev_hash: hashSchema,
  hash: hashSchema,
  signature: z.string().optional(),
  entry: z.record(z.string(), z.unknown()),
  content: z.string().optional(),
  content_key: hashSchema.optional(),
  user_id: z.string().optional(),
  user_key: hashSchema.optional(),
});

const endSchema = z.object({ end: z.object({ seq: z.int().min(0), hash: hashSchema }) });

const faultSchema = z.object({ error: z.object({ code: z.literal('AUDIT_EXPORT_INTERRUPTED') }) });

/** The verdict about an exported chain. */
export interface ExportVerdict {
  readonly tenantId: string | undefined;
  readonly verified: number;
  /** Absent: nobody changed anything. `line` counts from 1. */
  readonly problem?: ChainProblem & { readonly line: number };
}

/** Verifies an exported chain, line by line, in constant memory. Throws `ExportInterruptedError`. */
export async function verifyExport(
  lines: AsyncIterable<string>,
  keys: ChainPublicKeys,
  checkpointsOf: (tenantId: string) => readonly KeptCheckpoint[] = () => [],
): Promise<ExportVerdict> {
  let line = 0;
  let chain: { readonly tenantId: string; readonly verifier: ChainVerifier } | undefined;
  let end: z.output<typeof endSchema>['end'] | undefined;
  const verdict = (problem?: ChainProblem): ExportVerdict => ({
    tenantId: chain?.tenantId,
    verified: chain?.verifier.end.seq ?? 0,
    ...(problem === undefined ? {} : { problem: { ...problem, line } }),
  });
  for await (const text of lines) {
    if (text.trim() === '') continue;
    line += 1;
    const json = parsed(text);
    if (chain === undefined) {
      const begun = begin(json, keys, checkpointsOf);
      if ('problem' in begun) return verdict(begun.problem);
      chain = begun;
      continue;
    }
    const place = chain.verifier.end.seq + 1;
    if (end !== undefined) return verdict(unreadable(place, 'a line follows the last one'));
    const last = endSchema.safeParse(json);
    if (last.success) {
      end = last.data.end;
      continue;
    }
    if (faultSchema.safeParse(json).success) throw new ExportInterruptedError();
    const read = entrySchema.safeParse(json);
    if (!read.success) return verdict(unreadable(place, 'the line is not an entry of an export'));
    const problem = chain.verifier.add(recordOf(read.data));
    if (problem !== undefined) return verdict(problem);
  }
  if (chain === undefined) return verdict(unreadable(0, 'the file is empty'));
  const { verifier } = chain;
  const missing = { seq: verifier.end.seq + 1, code: 'end_missing', message: 'the file breaks off' } as const;
  if (end === undefined) return verdict(missing);
  return verdict(verifier.finish({ seq: end.seq, hash: Buffer.from(end.hash, 'hex') }));
}

function begin(
  json: unknown,
  keys: ChainPublicKeys,
  checkpointsOf: (tenantId: string) => readonly KeptCheckpoint[],
): { readonly tenantId: string; readonly verifier: ChainVerifier } | { readonly problem: ChainProblem } {
  const head = headSchema.safeParse(json);
  if (!head.success) return { problem: unreadable(0, 'the first line is not the head of an export') };
  const { tenant_id: tenantId, anchor } = head.data;
  const place = { seq: anchor.seq, hash: Buffer.from(anchor.hash, 'hex') };
  const isGenesis = anchor.seq === 0 && place.hash.equals(genesisHash(tenantId));
  const isMark =
    anchor.at !== undefined &&
    anchor.signature !== undefined &&
    keys.isMark({ tenantId, ...place }, anchor.at, Buffer.from(anchor.signature, 'base64'));
  if (!isGenesis && !isMark)
    return {
      problem: {
        seq: anchor.seq,
        code: 'mark_invalid',
        message: 'no trusted key signed that the chain begins here',
      },
    };
  const checkpoints = checkpointsOf(tenantId);
  return { tenantId, verifier: new ChainVerifier({ tenantId, keys, anchor: place, checkpoints }) };
}

function recordOf(line: z.output<typeof entrySchema>) {
  return {
    seq: line.seq,
    previous: Buffer.from(line.prev_hash, 'hex'),
    hash: Buffer.from(line.hash, 'hex'),
    signature: line.signature === undefined ? undefined : Buffer.from(line.signature, 'base64'),
    body: canonical(line.entry),
    content: line.content,
    contentKey: line.content_key === undefined ? undefined : Buffer.from(line.content_key, 'hex'),
    userId: line.user_id,
    userKey: line.user_key === undefined ? undefined : Buffer.from(line.user_key, 'hex'),
  };
}

/** The canonical text, whatever the order of members is. A text without one has no right hash either. */
function canonical(entry: Record<string, unknown>): string {
  try {
    return canonicalize(entry as JsonValue);
  } catch {
    return '';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(seq: number, message: string): ChainProblem {
  return { seq, code: 'body_unreadable', message };
}
