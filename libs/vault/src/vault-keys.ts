import { readFileSync } from 'node:fs';

import {
  LocalKeyRing,
  newRingEntry,
  readKeyRing,
  TransitKeyProvider,
  type KeyProvider,
  type RingKey,
} from '@action-mesh/crypto';
import type { DeepReadonly, Environment } from '@action-mesh/platform';
import { z } from 'zod';

/** The names of the variables with the keys of a service. */
function namesOf(prefix: string) {
  return {
    inVariable: `${prefix}_KEYS`,
    inFile: `${prefix}_KEYS_FILE`,
    transitUrl: `${prefix}_TRANSIT_URL`,
    transitKey: `${prefix}_TRANSIT_KEY`,
    tokenFile: `${prefix}_TRANSIT_TOKEN_FILE`,
  };
}

/** The key-encryption keys of the vault. */
export type VaultKeys =
  | { readonly kind: 'ring'; readonly setting: string; readonly keys: readonly RingKey[] }
  | {
      readonly kind: 'transit';
      /** The variable that names the key. */
      readonly setting: string;
      readonly url: string;
      readonly keyName: string;
      readonly tokenFile: string;
    };

/** A fresh entry for a variable such as `AUTH_BROKER_KEYS`. */
export function newVaultKey(): string {
  return newRingEntry(Date.now());
}

/** Whether an environment has keys of the vault, in any of the three ways. The prefix is `AUTH_BROKER`, for example. */
export function hasVaultKeys(prefix: string, environment: Environment): boolean {
  return Object.values(namesOf(prefix)).some((name) => (environment[name] ?? '').trim() !== '');
}

/** Reads the keys of the vault of a service. There are three ways to give them. Exactly one is allowed. */
export function vaultKeys(
  prefix: string,
  variables: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
): VaultKeys {
  const { inVariable, inFile, ...transit } = namesOf(prefix);
  const text = textIn(variables, inVariable);
  const path = textIn(variables, inFile);
  const isTransit = Object.values(transit).some((name) => variables[name] !== undefined);
  const given = [text !== undefined, path !== undefined, isTransit].filter(Boolean).length;
  if (given === 0)
    return refuse(
      context,
      inVariable,
      'is required, because stored credentials are always encrypted; `npm run new-key -- vault` makes one',
    );
  if (given > 1)
    return refuse(context, inVariable, `excludes ${inFile} and ${prefix}_TRANSIT_*: set exactly one of them`);
  if (isTransit) return transitOf(prefix, variables, context);
  if (path === undefined) return ringOf(text ?? '', inVariable, context);
  try {
    return ringOf(readFileSync(path, 'utf8'), inFile, context);
  } catch {
    return refuse(context, inFile, 'names a file that cannot be read');
  }
}

/** The holder of the keys that a configuration names. */
export function keyProviderOf(keys: DeepReadonly<VaultKeys>): KeyProvider {
  if (keys.kind === 'ring') return new LocalKeyRing(keys.keys, keys.setting);
  return new TransitKeyProvider(keys);
}

function textIn(variables: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = variables[name];
  return typeof value === 'string' ? value : undefined;
}

function ringOf(text: string, setting: string, context: z.RefinementCtx): VaultKeys {
  const read = readKeyRing(text);
  if ('problem' in read)
    return refuse(context, setting, `${read.problem}; \`npm run new-key -- vault\` makes an entry`);
  return { kind: 'ring', setting, keys: read.keys };
}

function transitOf(
  prefix: string,
  variables: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
): VaultKeys {
  const { transitUrl, transitKey, tokenFile } = namesOf(prefix);
  const url = textIn(variables, transitUrl);
  const keyName = textIn(variables, transitKey);
  const file = textIn(variables, tokenFile);
  if (url !== undefined && keyName !== undefined && file !== undefined)
    return { kind: 'transit', setting: transitKey, url, keyName, tokenFile: file };
  for (const name of [transitUrl, transitKey, tokenFile])
    if (variables[name] === undefined) refuse(context, name, 'is required for a key in a Transit engine');
  return z.NEVER;
}

function refuse(context: z.RefinementCtx, variable: string, message: string): never {
  context.addIssue({ code: 'custom', path: [variable], message });
  return z.NEVER;
}
