import type { Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';

import type { EffectFields, HttpFields } from '../definition/definition-schema.js';
import { memberPointer } from '../problem.js';
import { hasBody } from '../request/binding.js';
import { parsePathTemplate, placeholders } from '../request/path-template.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { checkBody } from './body-rules.js';
import { headerNameProblem, headerValueProblem } from './header-rules.js';
import { declaredProperties, isClosed, requiredProperties, schemaTypes } from '../validate/object-schema.js';
import type { ProblemList } from './problem-list.js';

type Parameter = Tool['http']['parameters'][number];
type KeyedEffect = Extract<Tool['effect'], { class: 'keyed' }>;

/**
 * Compiles the HTTP binding with every parameter: those that the author placed, and those in the path. If the method
 * has no body, all other arguments become query parameters.
 */
export function compileHttp(
  http: HttpFields,
  input: JsonSchema | undefined,
  effect: EffectFields | Tool['effect'] | undefined,
  problems: ProblemList,
): Tool['http'] {
  const key = effect?.class === 'keyed' ? effect : undefined;
  const taken = new Set<string>(key?.in === 'header' ? [key.name.toLowerCase()] : []);
  const headers = compileFixedHeaders(http, taken, problems);
  const inPath = pathPlaceholders(http, problems);
  const parameters = placeParameters(http, input, inPath ?? []);
  if (input !== undefined) {
    checkArguments(http, input, parameters, problems);
    if (inPath !== undefined) checkPath(input, inPath, parameters, problems);
    checkBody(http, input, parameters, problems);
  }
  checkNames(parameters, taken, problems);
  if (key !== undefined && input !== undefined) checkKey(key, http, input, parameters, problems);
  return {
    method: http.method,
    path: http.path,
    parameters,
    headers,
    ...defined({ body: http.body, failure: http.failure, answers: http.answers }),
  };
}

function compileFixedHeaders(
  http: HttpFields,
  taken: Set<string>,
  problems: ProblemList,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(http.headers)) {
    const pointer = memberPointer('/http/headers', name);
    const lower = name.toLowerCase();
    const problem =
      headerNameProblem(name) ?? headerValueProblem(lower, value, http.body?.encoding ?? 'json');
    if (problem !== undefined) problems.add(pointer, problem);
    else if (taken.has(lower)) problems.add(pointer, 'is set twice, or carries the idempotency key');
    else {
      taken.add(lower);
      headers[lower] = value;
    }
  }
  return headers;
}

/** The placeholders of the path. `undefined` for an invalid path, because its placeholders are unknown. */
function pathPlaceholders(http: HttpFields, problems: ProblemList): readonly string[] | undefined {
  const parsed = parsePathTemplate(http.path);
  if (parsed.ok) return placeholders(parsed.template);
  problems.add('/http/path', parsed.message);
  return undefined;
}

function placeParameters(
  http: HttpFields,
  input: JsonSchema | undefined,
  inPath: readonly string[],
): Parameter[] {
  const parameters = Object.entries(http.parameters).map(
    ([argument, { in: place, name = argument, style }]): Parameter => ({
      argument,
      in: place,
      name,
      ...defined({ style }),
    }),
  );
  const placed = new Set(parameters.map(({ argument }) => argument));
  const named = new Set(parameters.flatMap((parameter) => (parameter.in === 'path' ? [parameter.name] : [])));
  for (const name of inPath) {
    if (named.has(name) || placed.has(name)) continue;
    parameters.push({ argument: name, in: 'path', name });
    placed.add(name);
  }
  if (!hasBody(http) && input !== undefined) {
    for (const argument of declaredProperties(input).keys()) {
      if (!placed.has(argument)) parameters.push({ argument, in: 'query', name: argument });
    }
  }
  return parameters;
}

function checkArguments(
  http: HttpFields,
  input: JsonSchema,
  parameters: readonly Parameter[],
  problems: ProblemList,
): void {
  const declared = declaredProperties(input);
  for (const { argument, in: place, style } of parameters) {
    const pointer = Object.hasOwn(http.parameters, argument)
      ? memberPointer('/http/parameters', argument)
      : place === 'path'
        ? '/http/path'
        : memberPointer('/input/properties', argument);
    const schemas = declared.get(argument);
    if (schemas === undefined) {
      problems.add(pointer, `names "${argument}", which is not an argument`);
      continue;
    }
    const shapes = new Set(schemas.flatMap((schema) => schemaTypes(schema)));
    if (style !== undefined && style !== 'comma' && place !== 'query') {
      problems.add(pointer, `has a style that is allowed only in a query`);
    }
    if (shapes.has('object') && style !== 'deep_object')
      problems.add(pointer, `cannot put an object into the ${place}`);
    if (shapes.has('array') && place !== 'query' && style !== 'comma')
      problems.add(pointer, `cannot put an array into the ${place}`);
  }
  if (!hasBody(http) && !isClosed(input)) {
    problems.add('/input', `must declare all its names: an undeclared one has no place in a ${http.method}`);
  }
}

/** The executor fills in the key, so no other part of the tool may use its place. */
function checkKey(
  { in: place, name }: Extract<EffectFields, { class: 'keyed' }> | KeyedEffect,
  http: HttpFields,
  input: JsonSchema,
  parameters: readonly Parameter[],
  problems: ProblemList,
): void {
  const carries = 'carries the idempotency key, which the mesh fills in';
  if (place === 'query') {
    const taker = parameters.find((parameter) => parameter.in === 'query' && parameter.name === name);
    if (taker !== undefined) problems.add(memberPointer('/http/parameters', taker.argument), carries);
  }
  if (place !== 'body' || http.body?.argument !== undefined) return;
  const isPlaced = parameters.some(({ argument }) => argument === name);
  if (http.body?.under === undefined && !isPlaced && declaredProperties(input).has(name))
    problems.add(memberPointer('/input/properties', name), carries);
  if (Object.hasOwn(http.body?.fixed ?? {}, name))
    problems.add(memberPointer('/http/body/fixed', name), carries);
  if (http.body?.under === name) problems.add('/http/body/under', carries);
}

function checkPath(
  input: JsonSchema,
  inPath: readonly string[],
  parameters: readonly Parameter[],
  problems: ProblemList,
): void {
  const required = requiredProperties(input);
  const declared = declaredProperties(input);
  const filled = new Set<string>();
  for (const { argument, in: place, name } of parameters) {
    if (place !== 'path') continue;
    filled.add(name);
    if (!inPath.includes(name)) {
      problems.add(
        memberPointer('/http/parameters', argument),
        `names the placeholder {${name}}, which the path does not have`,
      );
    } else if (declared.has(argument) && !required.has(argument)) {
      problems.add('/input/required', `must hold "${argument}", which is part of the path`);
    }
  }
  for (const name of inPath) {
    if (!filled.has(name))
      problems.add('/http/path', `has the placeholder {${name}}, which no argument fills`);
  }
}

function checkNames(
  parameters: readonly Parameter[],
  taken: ReadonlySet<string>,
  problems: ProblemList,
): void {
  const seen = new Set<string>();
  for (const { argument, in: place, name } of parameters) {
    const pointer = memberPointer('/http/parameters', argument);
    const wireName = place === 'header' ? name.toLowerCase() : name;
    if (seen.has(`${place} ${wireName}`))
      problems.add(pointer, `is the second ${place} parameter named "${name}"`);
    seen.add(`${place} ${wireName}`);
    if (place !== 'header') continue;
    const problem = headerNameProblem(name);
    if (problem !== undefined) problems.add(pointer, problem);
    else if (taken.has(wireName))
      problems.add(pointer, `sets "${wireName}", which is a fixed header or carries the key`);
  }
}
