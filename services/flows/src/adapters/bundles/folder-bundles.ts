import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import type { FlowDefinition } from '@action-mesh/flow-api';
import { errorMessage } from '@action-mesh/kernel';
import { scheduleProblem } from '@action-mesh/triggers';
import { z } from 'zod';

import type { DeployedFlow, FlowBundles, FlowSettings } from '../../application/flow-bundles.port.js';
import { FlowBundleError } from '../../domain/flows.errors.js';
import { bundleFlow } from './bundle-flow.js';
import { loadBundle } from './load-bundle.js';

/** A bundle in the record. */
export interface StoredBundle {
  readonly tenantId: string;
  readonly flow: string;
  readonly version: number;
  readonly digest: string;
  readonly code: string;
}

/** The record of bundles. */
export interface BundleRecord {
  /** Keeps the bundles of a deployment. Throws `FlowBundleError` when one changed under the version of open runs. */
  deploy(bundles: readonly StoredBundle[]): Promise<void>;
  find(tenantId: string, flow: string, digest: string): Promise<StoredBundle | undefined>;
}

const settingsSchema = z.record(z.string(), z.json());
const source = /^(?!.*\.(?:d|test|code)\.).+\.(?:ts|mts|js|mjs)$/;
/** Files beside flows: generated declarations of tools. */
const beside = new Set(['tools.ts', 'tools.js']);

/**
 * Flows from files below `<folder>/<tenant>`, with the bundles of open runs.
 *
 * - FB1: a run stays on the bundle with which it began, also after a deployment of another version.
 */
export class FolderBundles implements FlowBundles {
  readonly current: readonly DeployedFlow[];
  readonly #byDigest: Map<string, DeployedFlow>;
  readonly #record: BundleRecord;

  private constructor(
    current: readonly DeployedFlow[],
    byDigest: Map<string, DeployedFlow>,
    record: BundleRecord,
  ) {
    this.current = current;
    this.#byDigest = byDigest;
    this.#record = record;
  }

  /** Deploys the folder. Without one there are only the flows of open runs. Throws `FlowBundleError`. */
  static async open(folder: string | undefined, record: BundleRecord): Promise<FolderBundles> {
    const byDigest = new Map<string, DeployedFlow>();
    const current: DeployedFlow[] = [];
    const stored: StoredBundle[] = [];
    for (const { tenantId, file, name } of folder === undefined ? [] : await filesOf(resolve(folder))) {
      const bundle = await bundleFlow(file, await settingsBeside(file));
      const { flow, config } = await loadBundle(bundle, name);
      refuseUnsupported(flow, name);
      if (current.some((other) => other.tenantId === tenantId && other.flow.id === flow.id))
        throw new FlowBundleError(`two files of the tenant ${tenantId} have the flow ${flow.id}`);
      const deployed = { tenantId, flow, config, digest: bundle.digest };
      current.push(deployed);
      stored.push({ tenantId, flow: flow.id, version: flow.version, ...bundle });
      byDigest.set(keyOf(tenantId, flow.id, bundle.digest), deployed);
    }
    await record.deploy(stored);
    return new FolderBundles(current, byDigest, record);
  }

  find(tenantId: string, flow: string): DeployedFlow | undefined {
    return this.current.find((deployed) => deployed.tenantId === tenantId && deployed.flow.id === flow);
  }

  async byDigest(tenantId: string, flow: string, digest: string): Promise<DeployedFlow | undefined> {
    const key = keyOf(tenantId, flow, digest);
    const known = this.#byDigest.get(key);
    if (known !== undefined) return known;
    // A run of an earlier deployment, or of an instance with a newer one.
    const stored = await this.#record.find(tenantId, flow, digest);
    if (stored === undefined) return undefined;
    const found = { tenantId, digest, ...(await loadBundle(stored, flow)) };
    this.#byDigest.set(key, found);
    return found;
  }
}

interface FlowFile {
  readonly tenantId: string;
  readonly file: string;
  readonly name: string;
}

async function filesOf(folder: string): Promise<readonly FlowFile[]> {
  try {
    const tenants = await readdir(folder, { withFileTypes: true });
    const files = await Promise.all(
      tenants
        .filter(
          (entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
        )
        .map(async ({ name: tenantId }) =>
          (await readdir(join(folder, tenantId), { recursive: true }))
            .filter((name) => source.test(basename(name)) && !beside.has(basename(name)))
            .filter(
              (name) => !name.split('/').some((part) => part === 'node_modules' || part.startsWith('.')),
            )
            .map((name) => ({ tenantId, name: `${tenantId}/${name}`, file: join(folder, tenantId, name) })),
        ),
    );
    return files.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new FlowBundleError(
      `the folder of FLOWS cannot be read: ${errorMessage(error)}. It has a folder per tenant with the flows in it.`,
    );
  }
}

/** The settings of a tenant's flows: the object in `config.json` beside them. */
async function settingsBeside(file: string): Promise<FlowSettings> {
  const path = join(dirname(file), 'config.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new FlowBundleError(
      `the settings beside the flow ${basename(file)} cannot be read: ${errorMessage(error)}`,
    );
  }
  const settings = settingsSchema.safeParse(parsedJson(text));
  if (settings.success) return settings.data;
  throw new FlowBundleError(`config.json beside the flow ${basename(file)} must be a JSON object`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseUnsupported({ on }: FlowDefinition, name: string): void {
  if (on.kind === 'schedule') {
    const problem = scheduleProblem({ cron: on.cron, time_zone: on.timezone ?? 'UTC' }, Date.now());
    if (problem !== undefined)
      throw new FlowBundleError(`the schedule of the flow ${name}: ${problem.member} ${problem.message}`);
  }
  if (on.kind === 'kafka' || on.kind === 'poll')
    throw new FlowBundleError(
      `the flow ${name} has a trigger of the kind ${on.kind}, which this version does not run; use a webhook, a schedule or a manual start`,
    );
}

function keyOf(tenantId: string, flow: string, digest: string): string {
  return `${tenantId}/${flow}/${digest}`;
}
