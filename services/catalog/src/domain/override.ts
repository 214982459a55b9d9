import type { Tool } from '@action-mesh/contracts/catalog';
import { ArgumentValidator, pointerTo, type Problem } from '@action-mesh/tools';
import { instructionWarnings, tokenCost } from '@action-mesh/tools/compile';

import type { SchemaObject } from './json-schema.js';
import { replacedParts, type ArgumentPatch, type OverridePatch } from './override-patch.js';
import { judgeTool, type JudgedTool } from './judge-tool.js';
import type { UnversionedTool } from './tool-change.js';

/**
 * The tool with what a team changed about it. Never throws: a patch that does not fit the tool is reported, with pointers
 * into the patch or, for what it leads to, into the tool.
 */
export function applyOverride(tool: UnversionedTool, patch: OverridePatch): JudgedTool {
  const problems: Problem[] = [];
  const changed: UnversionedTool = {
    ...tool,
    ...Object.fromEntries(
      replacedParts.flatMap((name) => (patch[name] === undefined ? [] : [[name, patch[name]]])),
    ),
    ...(patch.effect === undefined ? {} : { effect_source: 'overridden' as const }),
    ...renamed(tool, patch),
    ...withArguments(tool, patch.arguments ?? {}, problems),
  };
  if (problems.length > 0) return { ok: false, problems };
  return judgeTool({
    ...changed,
    token_cost: tokenCost(changed.slug, changed.description, changed.input),
    warnings: [
      ...tool.warnings.filter(({ code }) => code !== 'instruction_like_text'),
      ...instructionWarnings(changed),
    ],
  });
}

function renamed({ slug, aliases }: UnversionedTool, { rename }: OverridePatch): Partial<UnversionedTool> {
  if (rename === undefined || rename === slug) return {};
  return { slug: rename, aliases: [...aliases.filter((alias) => alias !== rename), slug] };
}

function withArguments(
  tool: UnversionedTool,
  patches: Readonly<Record<string, ArgumentPatch>>,
  problems: Problem[],
): Partial<UnversionedTool> {
  if (Object.keys(patches).length === 0) return {};
  const properties = { ...(tool.input['properties'] as Record<string, SchemaObject> | undefined) };
  let required = ((tool.input['required'] as readonly string[] | undefined) ?? []).slice();
  const presets: Record<string, NonNullable<Tool['presets']>[string]> = { ...tool.presets };
  for (const [name, patch] of Object.entries(patches)) {
    const pointer = pointerTo('/arguments', name);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined) {
      problems.push({ pointer, message: 'is no argument of the tool' });
      continue;
    }
    const isRequired = required.includes(name);
    if (patch.hidden !== undefined) {
      if (isRequired && patch.hidden.value === undefined) {
        problems.push({ pointer: `${pointer}/hidden`, message: 'needs a value: the argument is required' });
      }
      // Members of a copy: the name is data, and `delete` on a record is what the record is for.
      Reflect.deleteProperty(properties, name);
      required = required.filter((each) => each !== name);
      if (patch.hidden.value !== undefined) presets[name] = { value: patch.hidden.value, fixed: true };
      continue;
    }
    problems.push(...enumProblems(tool, property, patch, pointer));
    if (patch.default !== undefined) {
      presets[name] = { value: patch.default };
      required = required.filter((each) => each !== name);
    }
    properties[name] = patchedSchema(property, patch);
  }
  const { required: _required, ...input } = tool.input;
  return {
    input: { ...input, properties, ...(required.length === 0 ? {} : { required }) } as Tool['input'],
    ...(Object.keys(presets).length === 0 ? {} : { presets }),
  };
}

/** An enumeration narrows: what the tool did not take before, it does not take afterwards. */
function enumProblems(
  tool: UnversionedTool,
  property: SchemaObject,
  patch: ArgumentPatch,
  pointer: string,
): Problem[] {
  if (patch.enum === undefined) return [];
  const $defs = tool.input['$defs'] ?? {};
  const input = { type: 'object', properties: { value: property }, $defs } as Tool['input'];
  const validator = new ArgumentValidator({ input });
  return patch.enum.flatMap((value, index) =>
    validator.validate({ value }).ok
      ? []
      : [{ pointer: `${pointer}/enum/${index}`, message: 'is no value that the tool takes' }],
  );
}

function patchedSchema(schema: SchemaObject, patch: ArgumentPatch): SchemaObject {
  return {
    ...schema,
    ...(patch.description === undefined ? {} : { description: patch.description }),
    ...(patch.examples === undefined ? {} : { examples: patch.examples }),
    ...(patch.enum === undefined ? {} : { enum: patch.enum }),
    ...(patch.default === undefined ? {} : { default: patch.default }),
  };
}
