import type { Tool } from '@action-mesh/contracts/catalog';
import { isMetaTool, proxyTool } from '@action-mesh/contracts/gateway';

import { baseUrlProblem, definitionFields, type HttpFields } from '../definition/definition-schema.js';
import { memberPointer, type Problem } from '../problem.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { effectProblems } from './effect-rules.js';
import { compileHttp } from './http-rules.js';
import { inputSchemaProblems } from './input-schema.js';
import { isObject } from '../validate/json-object.js';
import { ProblemList } from './problem-list.js';

/** The fields for reading an answer. Their rules need no other field, so they apply to a tool as to a definition. */
const answerFields = definitionFields.http.pick({ failure: true, answers: true });

/** The reason that a tool may not have a meta-tool's name. */
export const reserved = 'is the name of a tool of the mesh itself';

/** Whether a slug belongs to a tool of the mesh: one for models, or the tool behind the proxy. */
export function isReservedSlug(slug: string): boolean {
  return isMetaTool(slug) || slug === proxyTool.slug;
}

/**
 * The problems of a tool that was compiled elsewhere or changed later, by the rules for definitions. Pointers lead
 * into the tool.
 */
export function toolProblems(tool: Omit<Tool, 'version'>): readonly Problem[] {
  const { slug, provider, effect, http, retry } = tool;
  const problems = new ProblemList();
  if (isReservedSlug(slug)) problems.add('/slug', reserved);
  const urlProblem = baseUrlProblem(provider.base_url);
  if (urlProblem !== undefined) problems.add('/provider/base_url', urlProblem);
  if (retry.initial_backoff_ms > retry.max_backoff_ms)
    problems.add('/retry/max_backoff_ms', 'must not be less than initial_backoff_ms');
  problems.addAll(effectProblems(effect, http, slug));
  const answer = answerFields.safeParse({ failure: http.failure, answers: http.answers });
  if (!answer.success) problems.addIssues('/http', answer.error.issues);
  const inputProblems = inputSchemaProblems(tool.input);
  problems.addAll(inputProblems);
  if (inputProblems.length === 0) problems.addAll(httpProblems(tool));
  return problems.all;
}

/** Checks the binding as if its author had placed every argument. */
function httpProblems(tool: Omit<Tool, 'version'>): Problem[] {
  const { parameters, ...http } = tool.http;
  const places = new Map(
    parameters.map(({ argument }, index) => [
      memberPointer('/http/parameters', argument),
      `/http/parameters/${index}`,
    ]),
  );
  if (places.size < parameters.length)
    return [{ pointer: '/http/parameters', message: 'place an argument twice' }];
  const fields: HttpFields = {
    ...http,
    parameters: Object.fromEntries(parameters.map(({ argument, ...place }) => [argument, place])),
  };
  const problems = new ProblemList();
  const compiled = compileHttp(fields, withPresets(tool), tool.effect, problems);
  for (const { argument } of compiled.parameters.slice(parameters.length))
    problems.add('/http/parameters', `have no place for "${argument}"`);
  return problems.all.map(({ pointer, message }) => ({ pointer: places.get(pointer) ?? pointer, message }));
}

/** The input with the presets. A preset argument is always present, even if callers do not see it. */
function withPresets({ input, presets = {} }: Omit<Tool, 'version'>): JsonSchema {
  const names = Object.keys(presets);
  if (names.length === 0) return input;
  const properties = isObject(input['properties']) ? input['properties'] : {};
  const required = Array.isArray(input['required']) ? (input['required'] as unknown[]) : [];
  return {
    ...input,
    properties: { ...Object.fromEntries(names.map((name) => [name, {}])), ...properties },
    required: [...required, ...names],
  };
}
