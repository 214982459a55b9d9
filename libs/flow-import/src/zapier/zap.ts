import type { JsonObject, JsonValue } from '@action-mesh/kernel';

import { field, recordOf, plainTextOf } from '../read/fields.js';

/** A step of a Zap. */
export interface ZapStep {
  readonly id: string;
  /** The API without its version and its suffixes: `Slack`, `WebHook`. */
  readonly app: string;
  readonly api: string;
  readonly action: string;
  readonly typeOf: string;
  readonly title: string;
  readonly params: JsonObject;
  readonly authentication: string | undefined;
  readonly children: readonly string[];
}

export interface Zap {
  readonly title: string;
  readonly status: string | undefined;
  readonly steps: ReadonlyMap<string, ZapStep>;
  readonly root: ZapStep | undefined;
}

export const shortApi = (api: string): string =>
  api.replace(/@.*$/, '').replace(/(?:V\d+)?(?:CLI|Dev)?API$/, '');

/** Reads a Zap. `paused` says nothing about steps behind the trigger, so it is not read. */
export function readZap(raw: JsonObject): Zap {
  const nodes = Object.entries(recordOf(raw['nodes'])).map(([key, node]) => [key, recordOf(node)] as const);
  const children = new Map<string, string[]>();
  for (const [key, node] of nodes) {
    const parent = plainTextOf(node['parent_id']);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), key]);
  }
  const steps = new Map<string, ZapStep>();
  for (const [key, node] of nodes) {
    const api = plainTextOf(node['selected_api']) ?? '';
    const action = plainTextOf(node['action']) ?? '';
    const own = children.get(key) ?? [];
    steps.set(key, {
      id: key,
      app: shortApi(api),
      api,
      action,
      typeOf: plainTextOf(node['type_of']) ?? '',
      title: titleOf(node, shortApi(api), action),
      params: recordOf(node['params']),
      authentication: plainTextOf(node['authentication_id']),
      children: own.toSorted((a, b) => pathOrder(raw, a) - pathOrder(raw, b)),
    });
  }
  const rootKey = nodes.find(
    ([, node]) => node['parent_id'] === null || node['parent_id'] === undefined,
  )?.[0];
  return {
    title: plainTextOf(raw['title']) ?? 'Imported Zap',
    status: plainTextOf(raw['status']),
    steps,
    root: rootKey === undefined ? undefined : steps.get(rootKey),
  };
}

function titleOf(node: JsonObject, app: string, action: string): string {
  const given = plainTextOf(field(node, 'meta', 'stepTitle'));
  if (given !== undefined && given !== '') return given;
  return `${app} ${/^[0-9a-f-]{30,}$/.test(action) ? 'step' : action}`.replaceAll('_', ' ');
}

function pathOrder(raw: JsonValue, key: string): number {
  const index = field(raw, 'nodes', key, 'params', 'path_eval_index');
  return typeof index === 'number' ? index : 0;
}
