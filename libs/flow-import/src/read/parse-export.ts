import { IJsonError, parseIJson, type JsonObject, type JsonValue } from '@action-mesh/kernel';

import type { SourceFormat } from '../model/workflow.js';
import { field, elementsOf, recordOf } from './fields.js';
import { FlowImportError } from './flow-import.errors.js';
import { withoutSecrets, type FoundSecret } from './secrets.js';

/** Bounds of one file. Real exports are below 2 MB and 500 nodes. */
export const exportLimits = {
  maxBytes: 16_000_000,
  maxDepth: 100,
  maxNodes: 3_000,
  maxWorkflows: 500,
} as const;

export interface ParsedExport {
  readonly source: SourceFormat;
  readonly workflows: readonly JsonObject[];
  readonly secrets: readonly FoundSecret[];
}

/** Reads an export of n8n, Make or Zapier, without its secrets. Throws `FlowImportError`. */
export function parseExport(text: string): ParsedExport {
  const parsed = parseText(text.startsWith('\uFEFF') ? text.slice(1) : text);
  // Secrets are masked when nothing is left to unwrap: a text of JSON shows its members only then.
  const { value, secrets } = withoutSecrets(opened(parsed));
  const { source, workflows } = recognized(value);
  if (workflows.length > exportLimits.maxWorkflows) {
    throw new FlowImportError(
      `the file has more than ${exportLimits.maxWorkflows} workflows: import it in parts`,
    );
  }
  return { source, workflows, secrets };
}

function parseText(text: string): JsonValue {
  const { maxBytes, maxDepth } = exportLimits;
  try {
    return parseIJson(text, { maxBytes, maxDepth });
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
    throw new FlowImportError(`the file is no export: ${error.message}; export the workflow again as JSON`, {
      cause: error,
    });
  }
}

/** Takes away what APIs put around a list of workflows and around each of them. */
function opened(value: JsonValue): JsonValue {
  const inner = unwrapped(value);
  return Array.isArray(inner) ? inner.map(unwrapped) : inner;
}

/** Takes away what APIs put around a workflow. */
function unwrapped(value: JsonValue): JsonValue {
  let inner = value;
  for (let layer = 0; layer < 4; layer += 1) {
    const record = recordOf(inner);
    if (elementsOf(record['nodes']).length > 0 || 'flow' in record || 'zaps' in record) return inner;
    const next = ['response', 'blueprint', 'workflow', 'data', 'workflows'].find((name) =>
      Object.hasOwn(record, name),
    );
    if (next === undefined) return inner;
    const content = record[next] ?? null;
    inner = typeof content === 'string' ? parseText(content) : content;
  }
  return inner;
}

function recognized(value: JsonValue): { source: SourceFormat; workflows: readonly JsonObject[] } {
  const candidates = (Array.isArray(value) ? value : [value]).map(recordOf);
  const [first] = candidates;
  if (first !== undefined) {
    if (candidates.every(isN8n)) return { source: 'n8n', workflows: candidates };
    if (candidates.every((one) => Array.isArray(one['flow'])))
      return { source: 'make', workflows: candidates };
    if (candidates.every((one) => Array.isArray(one['zaps']))) {
      return {
        source: 'zapier',
        workflows: candidates.flatMap((one) => elementsOf(one['zaps']).map(recordOf)),
      };
    }
  }
  throw new FlowImportError(
    'the file is no export of n8n (nodes and connections), Make (flow) or Zapier (zaps): export the workflow from its editor',
  );
}

const isN8n = (value: JsonObject): boolean =>
  elementsOf(value['nodes']).length > 0 &&
  (value['connections'] === undefined || recordOf(value['connections']) === value['connections']) &&
  elementsOf(value['nodes']).every((node) => typeof field(node, 'type') === 'string');
