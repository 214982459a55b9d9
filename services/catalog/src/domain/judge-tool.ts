import { ToolPublished, type Tool } from '@action-mesh/contracts/catalog';
import { assertIJson, IJsonError, schemaProblems } from '@action-mesh/kernel';
import { ArgumentValidator, memberPointer, type Problem } from '@action-mesh/tools';
import { shownCost, toolProblems } from '@action-mesh/tools/compile';

import type { SchemaObject } from './json-schema.js';
import type { UnversionedTool } from './tool-change.js';

export type JudgedTool =
  | { readonly ok: true; readonly tool: UnversionedTool }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks a tool that does not come from the compiler, but from an import or an override. It drops members that a tool
 * does not have, and counts the tool's tokens. Pointers lead into the tool.
 */
export function judgeTool(source: Readonly<Record<string, unknown>>): JudgedTool {
  const read = ToolPublished.schema.safeParse({ ...source, version: '1.0.0' });
  if (!read.success) return { ok: false, problems: schemaProblems(read.error.issues) };
  const unsound = jsonProblems(read.data);
  if (unsound.length > 0) return { ok: false, problems: unsound };
  const { version: _version, ...given } = read.data;
  const { collapsed: _former, ...whole } = given;
  const tool = { ...whole, ...shownCost(given.slug, given.description, given.input) };
  const rules = toolProblems(tool);
  // Checks arguments only against a valid input schema.
  const problems = rules.length > 0 ? rules : argumentProblems(tool);
  return problems.length === 0 ? { ok: true, tool } : { ok: false, problems };
}

/** Values that readers of JSON treat differently and databases refuse: half a surrogate pair, a number out of range. */
function jsonProblems(value: unknown): Problem[] {
  try {
    assertIJson(value);
    return [];
  } catch (error) {
    if (!(error instanceof IJsonError)) throw error;
    return [{ pointer: error.pointer, message: error.message }];
  }
}

/** Examples and defaults are arguments, so the tool's input has to accept them. */
function argumentProblems(tool: UnversionedTool): Problem[] {
  const properties = (tool.input['properties'] ?? {}) as Readonly<Record<string, SchemaObject>>;
  const checks = tool.examples.map((example, index) => ({
    pointer: `/examples/${index}/arguments`,
    input: tool.input,
    value: example.arguments,
  }));
  for (const [name, { value, fixed }] of Object.entries(tool.presets ?? {})) {
    if (fixed === true || !Object.hasOwn(properties, name)) continue;
    checks.push({
      pointer: memberPointer('/presets', name),
      input: singleArguments(tool.input),
      value: { [name]: value },
    });
  }
  return checks.flatMap(({ pointer, input, value }) => {
    const result = new ArgumentValidator({ input }).validate(value);
    return result.ok
      ? []
      : result.problems.map((problem) => ({
          pointer: pointer + problem.pointer,
          message: problem.message,
        }));
  });
}

/** An input that accepts each of its arguments alone. */
export function singleArguments({ properties = {}, $defs = {} }: Tool['input']): Tool['input'] {
  return { type: 'object', properties, $defs };
}
