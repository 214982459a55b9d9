import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Environment } from '@action-mesh/platform';

import { VerifyChain } from '../application/verify-chain.js';
import { openChainStore } from '../chain-store.module.js';
import type { ChainStore } from '../application/chain-store.port.js';
import type { ChainProblem } from '../domain/chain-verifier.js';
import { ChainPublicKeys, ChainSigner } from '../domain/signing-keys.js';
import { verifyExport } from '../domain/verify-export.js';
import { KeptCheckpoints } from './kept-checkpoints.js';
import type { VerifySettings } from './options.js';
import { VerifyUsageError } from './verify.errors.js';

/** The verdict about one chain. */
export interface ChainVerdict {
  readonly tenant_id: string;
  readonly intact: boolean;
  /** The number of the last verified entry. */
  readonly verified_to: number;
  readonly problem?: {
    readonly seq: number;
    readonly code: string;
    readonly message: string;
    readonly line?: number;
  };
}

/** Verifies what the options name. */
export async function runVerification(
  options: VerifySettings,
  environment: Environment,
): Promise<readonly ChainVerdict[]> {
  const keys = trustedKeys(options, environment);
  const kept = new KeptCheckpoints(
    options.checkpoints === undefined ? '' : readFileSync(options.checkpoints, 'utf8'),
    keys,
  );
  if (options.file !== undefined) return [await verifyFile(options.file, keys, kept)];
  await using opened = openChainStore(databaseUrl(environment));
  return await verifyChains(opened.store, keys, kept, options.tenant);
}

async function verifyFile(file: string, keys: ChainPublicKeys, kept: KeptCheckpoints): Promise<ChainVerdict> {
  if (!existsSync(file)) throw new VerifyUsageError(`--file ${file} does not exist`);
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  const exported = await verifyExport(lines, keys, (tenantId) => kept.of(tenantId));
  const { tenantId = '?', verified, problem = kept.forkOf(tenantId) } = exported;
  return verdict(tenantId, verified, problem);
}

/**
 * Verifies the chains of a store. A chain of which only checkpoints are left is one of them: somebody deleted it. `tenant`
 * selects one chain.
 */
export async function verifyChains(
  store: ChainStore,
  keys: ChainPublicKeys,
  kept: KeptCheckpoints,
  tenant?: string,
): Promise<ChainVerdict[]> {
  const verifyChain = new VerifyChain(store, keys);
  const verdicts: ChainVerdict[] = [];
  const tenants = tenant === undefined ? [...(await store.tenants()), ...kept.tenants()].sort() : [tenant];
  for (const tenantId of new Set(tenants)) {
    const checkpoints = kept.of(tenantId);
    const verification = await verifyChain.run({ tenantId, checkpoints });
    const found = verification === undefined ? withoutChain(checkpoints.length) : verification.problem;
    verdicts.push(verdict(tenantId, verification?.to ?? 0, found ?? kept.forkOf(tenantId)));
  }
  return verdicts;
}

function withoutChain(checkpoints: number): ChainProblem | undefined {
  return checkpoints === 0
    ? undefined
    : { seq: 1, code: 'end_missing', message: 'a checkpoint confirms the chain, and it is gone' };
}

function verdict(tenantId: string, verifiedTo: number, problem: ChainVerdict['problem']): ChainVerdict {
  return {
    tenant_id: tenantId,
    intact: problem === undefined,
    verified_to: verifiedTo,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The database of the environment, else that of a running stack of this checkout. */
function databaseUrl({ DATABASE_URL: given }: Environment): string {
  if (given !== undefined && given !== '') return given;
  const stack = join(process.cwd(), '.mesh/stack.json');
  const running = existsSync(stack)
    ? (JSON.parse(readFileSync(stack, 'utf8')) as { readonly addresses?: { readonly databaseUrl?: string } })
    : {};
  const url = running.addresses?.databaseUrl;
  if (url === undefined)
    throw new VerifyUsageError('set DATABASE_URL to the database of the mesh, or give --file');
  return url;
}

function trustedKeys({ publicKeys }: VerifySettings, environment: Environment): ChainPublicKeys {
  const { AUDIT_PUBLIC_KEY: inVariable = '', AUDIT_SIGNING_KEY: secret = '' } = environment;
  const kept = join(process.cwd(), '.mesh/data/audit-key');
  const given = [...publicKeys, ...inVariable.split(',').filter((key) => key !== '')];
  const own =
    secret !== '' ? secret : given.length === 0 && existsSync(kept) ? readFileSync(kept, 'utf8') : '';
  const all = own.trim() === '' ? given : [...given, new ChainSigner(own.trim()).publicKey];
  if (all.length === 0)
    throw new VerifyUsageError(
      'give the public key of audit: --public-key or AUDIT_PUBLIC_KEY; GET /v1/audit/checkpoint shows it',
    );
  try {
    return new ChainPublicKeys(all);
  } catch {
    throw new VerifyUsageError('a public key must be 32 bytes in base64url');
  }
}
