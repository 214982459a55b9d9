import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Environment } from '@action-mesh/platform';

import { VerifyChain } from '../application/verify-chain.js';
import { openChainStore } from '../chain-store.module.js';
import type { KeptCheckpoint } from '../domain/chain-verifier.js';
import { ChainPublicKeys, ChainSigner } from '../domain/signing-keys.js';
import { verifyExport } from '../domain/verify-export.js';
import type { VerifySettings } from './options.js';

/** A setting of the command is missing or wrong. */
export class VerifyUsageError extends Error {}

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
  const checkpointsOf = keptCheckpoints(options.checkpoints, keys);
  return options.file === undefined
    ? await verifyDatabase(options, environment, keys, checkpointsOf)
    : [await verifyFile(options.file, keys, checkpointsOf)];
}

async function verifyFile(
  file: string,
  keys: ChainPublicKeys,
  checkpointsOf: CheckpointsOf,
): Promise<ChainVerdict> {
  if (!existsSync(file)) throw new VerifyUsageError(`--file ${file} does not exist`);
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  const { tenantId = '?', verified, problem } = await verifyExport(lines, keys, checkpointsOf);
  return {
    tenant_id: tenantId,
    intact: problem === undefined,
    verified_to: verified,
    ...(problem === undefined ? {} : { problem }),
  };
}

async function verifyDatabase(
  { tenant }: VerifySettings,
  environment: Environment,
  keys: ChainPublicKeys,
  checkpointsOf: CheckpointsOf,
): Promise<ChainVerdict[]> {
  await using opened = openChainStore(databaseUrl(environment));
  const { store } = opened;
  const verifyChain = new VerifyChain(store, keys);
  const verdicts: ChainVerdict[] = [];
  for (const tenantId of tenant === undefined ? await store.tenants() : [tenant]) {
    const checkpoints = checkpointsOf(tenantId);
    const verification = await verifyChain.run({ tenantId, checkpoints });
    const [kept] = checkpoints;
    const missing = {
      seq: 1,
      code: 'end_missing',
      message: 'a checkpoint confirms the chain, and it is gone',
    };
    const problem = verification === undefined ? kept && missing : verification.problem;
    verdicts.push({
      tenant_id: tenantId,
      intact: problem === undefined,
      verified_to: verification?.to ?? 0,
      ...(problem === undefined ? {} : { problem }),
    });
  }
  return verdicts;
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

type CheckpointsOf = (tenantId: string) => readonly KeptCheckpoint[];

interface CheckpointLine {
  readonly tenant_id: string;
  readonly seq: number;
  readonly hash: string;
  readonly signature?: string;
}

/** Reads kept checkpoints. One that no trusted key signed proves nothing, so it is refused. */
function keptCheckpoints(file: string | undefined, keys: ChainPublicKeys): CheckpointsOf {
  if (file === undefined) return () => [];
  const lines = readFileSync(file, 'utf8').split('\n');
  const byTenant = new Map<string, KeptCheckpoint[]>();
  for (const text of lines.filter((line) => line.trim() !== '')) {
    const { tenant_id: tenantId, seq, hash, signature = '' } = JSON.parse(text) as CheckpointLine;
    const place = { seq, hash: Buffer.from(hash, 'hex') };
    if (seq === 0) continue;
    if (!keys.isCheckpoint({ tenantId, ...place }, Buffer.from(signature, 'base64')))
      throw new VerifyUsageError(`--checkpoints: no trusted key signed the checkpoint of entry ${seq}`);
    byTenant.set(tenantId, [...(byTenant.get(tenantId) ?? []), place]);
  }
  return (tenantId) => byTenant.get(tenantId) ?? [];
}
