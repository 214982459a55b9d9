import type { Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';
import { ArgumentValidator, memberPointer, type Problem } from '@action-mesh/tools';
import { instructionWarnings } from '@action-mesh/tools/compile';

import type { SchemaObject } from './json-schema.js';
import { replacedParts, type ArgumentPatch, type OverridePatch } from './override-patch.js';
import { judgeTool, singleArguments, type JudgedTool } from './judge-tool.js';
import type { UnversionedTool } from './tool-change.js';

/**
 * The tool with a team's changes. Never throws: it reports a patch that does not fit. Pointers lead into the patch or,
 * for its consequences, into the tool.
 */
export function applyOverride(tool: UnversionedTool, patch: OverridePatch): JudgedTool {
  const problems: Problem[] = [];
  const patched: UnversionedTool = {
    ...tool,
    ...(patch.effect === undefined ? {} : { effect_source: 'overridden' as const }),
    ...Object.fromEntries(
      replacedParts.flatMap((name) => (patch[name] === undefined ? [] : [[name, patch[name]]])),
    ),
    ...renamed(tool, patch),
    ...withArguments(tool, patch.arguments ?? {}, problems),
  };
  if (problems.length > 0) return { ok: false, problems };
  const changed =
    patch.examples === undefined && patch.arguments !== undefined
      ? { ...patched, examples: fittingExamples(patched, patch.arguments) }
      : patched;
  return judgeTool({
    ...changed,
    warnings: [
      ...tool.warnings.filter(({ code }) => code !== 'instruction_like_text'),
      ...instructionWarnings(changed),
    ],
  });
}

/** The document's examples without hidden arguments. Examples that the tool no longer accepts are left out. */
function fittingExamples(
  { input, examples }: UnversionedTool,
  patches: NonNullable<OverridePatch['arguments']>,
): UnversionedTool['examples'] {
  if (examples.length === 0) return examples;
  const validator = new ArgumentValidator({ input });
  return examples
    .map((example) => ({
      ...example,
      arguments: Object.fromEntries(
        Object.entries(example.arguments).filter(([name]) => patches[name]?.hidden === undefined),
      ),
    }))
    .filter((example) => validator.validate(example.arguments).ok);
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
    const pointer = memberPointer('/arguments', name);
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined) {
      problems.push({ pointer, message: 'is not an argument of the tool' });
      continue;
    }
    const isRequired = required.includes(name);
    if (patch.hidden !== undefined) {
      if (isRequired && patch.hidden.value === undefined) {
        problems.push({ pointer: `${pointer}/hidden`, message: 'needs a value: the argument is required' });
      }
      if (patch.hidden.value !== undefined)
        problems.push(
          ...valueProblems(tool.input, name, { [`${pointer}/hidden/value`]: patch.hidden.value }),
        );
      // Members of a copy. The name is data, so only `Reflect.deleteProperty` can remove it.
      Reflect.deleteProperty(properties, name);
      required = required.filter((each) => each !== name);
      if (patch.hidden.value !== undefined) presets[name] = { value: patch.hidden.value, fixed: true };
      continue;
    }
    // An enumeration only narrows: it cannot add a value that the tool refused before.
    const values = (patch.enum ?? []).map((value, index) => [`${pointer}/enum/${index}`, value] as const);
    problems.push(...valueProblems(tool.input, name, Object.fromEntries(values)));
    properties[name] = patchedSchema(property, patch);
    if (patch.default !== undefined) {
      const input = { ...tool.input, properties } as Tool['input'];
      problems.push(...valueProblems(input, name, { [`${pointer}/default`]: patch.default }));
      presets[name] = { value: patch.default };
      required = required.filter((each) => each !== name);
    }
  }
  const { required: _required, ...input } = tool.input;
  return {
    input: { ...input, properties, ...(required.length === 0 ? {} : { required }) } as Tool['input'],
    ...(Object.keys(presets).length === 0 ? {} : { presets }),
  };
}

/** Values for one argument that the input does not accept, by their place in the patch. */
function valueProblems(
  input: Tool['input'],
  name: string,
  values: Readonly<Record<string, unknown>>,
): Problem[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  const validator = new ArgumentValidator({ input: singleArguments(input) });
  return entries.flatMap(([pointer, value]) =>
    validator.validate({ [name]: value }).ok
      ? []
      : [{ pointer, message: 'is not a value that the tool accepts' }],
  );
}

function patchedSchema(schema: SchemaObject, patch: ArgumentPatch): SchemaObject {
  return {
    ...schema,
    ...defined({
      description: patch.description,
      examples: patch.examples,
      enum: patch.enum,
      default: patch.default,
    }),
  };
}
