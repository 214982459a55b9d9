import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { isDefinedTool } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';

import * as github from './index.js';

interface Named {
  readonly name?: string;
  readonly in?: string;
  readonly $ref?: string;
}

interface Operation {
  readonly parameters?: readonly Named[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: object }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, Named>> };
}

const { resolve } = createRequire(import.meta.url);
const document = JSON.parse(
  readFileSync(resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8'),
) as Document;

const tools = Object.values(github)
  .filter(isDefinedTool)
  .flatMap((definition) => {
    const compiled = compileTool(definition);
    return compiled.ok ? [compiled.tool] : [];
  });

/** The names of all members in the schema of a body, at any depth of alternatives. */
function membersOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const {
    properties = {},
    anyOf = [],
    oneOf = [],
    allOf = [],
  } = schema as Readonly<Record<string, object | object[]>>;
  return [...Object.keys(properties), ...[anyOf, oneOf, allOf].flat().flatMap(membersOf)];
}

describe("the tools of GitHub against GitHub's own description", () => {
  it.each(tools)('$slug is an operation of GitHub with its parameters', ({ http, input }) => {
    const operation = document.paths[http.path]?.[http.method.toLowerCase()];
    expect(operation).toBeDefined();
    const parameters = (operation?.parameters ?? []).map((parameter) =>
      parameter.$ref === undefined
        ? parameter
        : document.components.parameters[parameter.$ref.split('/').at(-1) ?? ''],
    );
    const body = membersOf(operation?.requestBody?.content?.['application/json']?.schema);
    const known = new Set([...parameters.map((parameter) => parameter?.name), ...body]);
    const given = Object.keys((input['properties'] ?? {}) as object);
    expect(given.filter((name) => !known.has(name))).toEqual([]);
  });
});
