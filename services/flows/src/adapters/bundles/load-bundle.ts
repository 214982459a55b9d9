import * as flowApi from '@action-mesh/flow-api';
import { errorMessage } from '@action-mesh/kernel';

import type { FlowSettings } from '../../application/flow-bundles.port.js';
import { FlowBundleError } from '../../domain/flows.errors.js';
import { apiModule, settingsName, type FlowBundle } from './bundle-flow.js';
import { unpredictable } from './unpredictable.js';

/** A flow with the settings of its deployment. */
export interface LoadedBundle {
  readonly flow: flowApi.FlowDefinition;
  readonly config: FlowSettings;
}

const shared = Symbol.for('action-mesh.flows');
const apiImport = new RegExp(`^import (?:\\{([^}]*)\\}|\\* as (\\w+)) from "${apiModule}";$`, 'gm');

/** The flow of a bundle with its settings. Throws `FlowBundleError`. */
export async function loadBundle({ code, digest }: FlowBundle, name: string): Promise<LoadedBundle> {
  Reflect.set(globalThis, shared, { flowApi, unpredictable });
  const bound = code.replaceAll(apiImport, (_all, names: string | undefined, whole: string | undefined) =>
    whole === undefined
      ? `const {${(names ?? '').replaceAll(' as ', ': ')}} = ${access}.flowApi;`
      : `const ${whole} = ${access}.flowApi;`,
  );
  const text = `const {${Object.keys(unpredictable).join(', ')}} = ${access}.unpredictable;\n${bound}\n//# sourceURL=flow-${digest.slice(0, 12)}.mjs`;
  let loaded: unknown;
  try {
    loaded = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
  } catch (error) {
    throw new FlowBundleError(`the flow ${name} cannot be loaded: ${errorMessage(error).slice(0, 1_000)}`);
  }
  const { default: flow, [settingsName]: config } = loaded as Readonly<Record<string, unknown>>;
  if (isFlow(flow)) return { flow, config: Object.freeze(config) };
  throw new FlowBundleError(`the flow ${name} has no default export of flow(…)`);
}

const access = `globalThis[Symbol.for('action-mesh.flows')]`;

function isFlow(value: unknown): value is flowApi.FlowDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { id, version, on, steps } = value as Partial<flowApi.FlowDefinition>;
  return (
    typeof id === 'string' &&
    typeof version === 'number' &&
    typeof on === 'object' &&
    typeof steps === 'function'
  );
}
