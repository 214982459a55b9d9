import type { Change, ChangeKind, EffectClass, Tool } from '@action-mesh/contracts/catalog';
import { isSameJson } from '@action-mesh/kernel';

import { worstOf } from './change.js';
import { jsonText } from './json-schema.js';
import { compareSchemas } from './schema-change.js';

/** A tool before it has a version. */
export type UnversionedTool = Omit<Tool, 'version'>;

/** The kind of a change of each part that is judged as a whole. */
const kinds: Readonly<Partial<Record<keyof UnversionedTool, ChangeKind>>> = {
  title: 'text',
  description: 'text',
  tags: 'text',
  examples: 'text',
  deprecated: 'text',
  warnings: 'text',
  effect_source: 'text',
  // Callers do not depend on the place of an argument in the request.
  http: 'compatible',
  presets: 'compatible',
  timeout_ms: 'compatible',
  max_response_bytes: 'compatible',
  retry: 'compatible',
  validity_ms: 'compatible',
  freshness_ms: 'compatible',
  pagination: 'compatible',
  compensation: 'compatible',
  slug: 'breaking',
  toolkit: 'breaking',
  provider: 'breaking',
};

/** From classes that must not repeat to classes that may repeat freely. */
const repeatable: readonly EffectClass[] = ['opaque', 'probeable', 'keyed', 'idempotent'];

/**
 * The differences between two versions of a tool, for its callers. The token cost follows from the other parts and is
 * not a difference of its own.
 */
export function compareTools(before: UnversionedTool, after: UnversionedTool): Change[] {
  const changes: Change[] = [];
  for (const [name, kind] of Object.entries(kinds) as [keyof UnversionedTool, ChangeKind][]) {
    if (isSameJson(before[name], after[name])) continue;
    changes.push({ kind, pointer: `/${name}`, message: kind === 'text' ? 'was reworded' : 'was changed' });
  }
  changes.push(
    ...under('/input', compareSchemas(before.input, after.input, 'input')),
    ...outputChanges(before, after),
    ...effectChanges(before, after),
    ...aliasChanges(before, after),
    ...securityChanges(before, after),
  );
  return changes;
}

/** The version after `before` that shows the kind of the changes. */
export function nextVersion(before: string, changes: readonly Change[]): string {
  const [major = 0, minor = 0, patch = 0] = (before.split('-', 1)[0] ?? '').split('.').map(Number);
  switch (worstOf(changes)) {
    case 'breaking':
      return `${major + 1}.0.0`;
    case 'compatible':
      return `${major}.${minor + 1}.0`;
    default:
      return `${major}.${minor}.${patch + 1}`;
  }
}

function outputChanges({ output: before }: UnversionedTool, { output: after }: UnversionedTool): Change[] {
  if (before === undefined || after === undefined) {
    if (before === after) return [];
    const kind = before === undefined ? 'compatible' : 'breaking';
    return [
      {
        kind,
        pointer: '/output',
        message: before === undefined ? 'is described now' : 'is no longer described',
      },
    ];
  }
  return under('/output', compareSchemas(before, after, 'output'));
}

function effectChanges({ effect: before }: UnversionedTool, { effect: after }: UnversionedTool): Change[] {
  if (isSameJson(before, after)) return [];
  if (before.class === after.class)
    return [{ kind: 'compatible', pointer: '/effect', message: 'was changed' }];
  // A tool that only reads may be called without care. A tool that does more may not.
  const isWeaker =
    before.class === 'read' || repeatable.indexOf(after.class) < repeatable.indexOf(before.class);
  return [
    {
      kind: isWeaker && after.class !== 'read' ? 'breaking' : 'compatible',
      pointer: '/effect/class',
      message: `is "${after.class}" and was "${before.class}"`,
    },
  ];
}

function aliasChanges(before: UnversionedTool, after: UnversionedTool): Change[] {
  const gone = before.aliases.filter((alias) => !after.aliases.includes(alias));
  const won = after.aliases.filter((alias) => !before.aliases.includes(alias));
  return [
    ...(gone.length > 0 ? [change('breaking', '/aliases', 'has lost a former name')] : []),
    ...(won.length > 0 ? [change('compatible', '/aliases', 'has another former name')] : []),
  ];
}

/** A credential that fitted the tool has to fit it still. */
function securityChanges(
  { security: before }: UnversionedTool,
  { security: after }: UnversionedTool,
): Change[] {
  if (isSameJson(before, after) || after.length === 0) {
    return isSameJson(before, after)
      ? []
      : [change('compatible', '/security', 'asks for no credential any more')];
  }
  const accepted = new Set(after.map(jsonText));
  const stays = before.length > 0 && before.every((alternative) => accepted.has(jsonText(alternative)));
  return [
    change(
      stays ? 'compatible' : 'breaking',
      '/security',
      stays ? 'has more alternatives' : 'asks for another credential',
    ),
  ];
}

function change(kind: ChangeKind, pointer: string, message: string): Change {
  return { kind, pointer, message };
}

function under(pointer: string, changes: readonly Change[]): Change[] {
  return changes.map((each) => ({ ...each, pointer: pointer + each.pointer }));
}
