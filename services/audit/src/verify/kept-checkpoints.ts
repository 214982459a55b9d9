import { z } from 'zod';

import type { ChainProblem, KeptCheckpoint } from '../domain/chain-verifier.js';
import type { ChainPublicKeys } from '../domain/signing-keys.js';
import { VerifyUsageError } from './verify.errors.js';

/** A line of `AUDIT_CHECKPOINTS_FILE`, or an answer of `GET /v1/audit/checkpoint`. */
const lineSchema = z.object({
  tenant_id: z.string(),
  seq: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.string().default(''),
});

interface KeptChain {
  readonly places: Map<number, KeptCheckpoint>;
  fork?: ChainProblem;
}

/** Checkpoints that were kept outside of the database, by tenant. */
export class KeptCheckpoints {
  readonly #chains = new Map<string, KeptChain>();

  /** Throws `VerifyUsageError` for a line that no trusted key signed: it proves nothing. */
  constructor(text: string, keys: ChainPublicKeys) {
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() !== '') this.#add(checkpointIn(line, index + 1), keys);
    }
  }

  /** The tenants whose chains the checkpoints confirm. */
  tenants(): readonly string[] {
    return [...this.#chains.keys()];
  }

  of(tenantId: string): readonly KeptCheckpoint[] {
    return [...(this.#chains.get(tenantId)?.places.values() ?? [])];
  }

  /** Two signed checkpoints of one place with different hashes: the chain had two histories. */
  forkOf(tenantId: string): ChainProblem | undefined {
    return this.#chains.get(tenantId)?.fork;
  }

  #add(
    { tenant_id: tenantId, seq, hash: hex, signature }: z.output<typeof lineSchema>,
    keys: ChainPublicKeys,
  ): void {
    if (seq === 0) return;
    const hash = Buffer.from(hex, 'hex');
    if (!keys.isCheckpoint({ tenantId, seq, hash }, Buffer.from(signature, 'base64')))
      throw new VerifyUsageError(`--checkpoints: no trusted key signed the checkpoint of entry ${seq}`);
    const chain = this.#chains.get(tenantId) ?? { places: new Map<number, KeptCheckpoint>() };
    this.#chains.set(tenantId, chain);
    const kept = chain.places.get(seq);
    if (kept === undefined) chain.places.set(seq, { seq, hash });
    else if (!hash.equals(kept.hash) && seq < (chain.fork?.seq ?? Infinity))
      chain.fork = { seq, code: 'fork', message: `two signed checkpoints confirm different entries ${seq}` };
  }
}

function checkpointIn(line: string, number: number): z.output<typeof lineSchema> {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    throw new VerifyUsageError(`--checkpoints: line ${number} is not a checkpoint`);
  }
}
