import { ToolPublished, type Tool, type ToolWarning } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';
import type { z } from 'zod';

import { definitionFields, type DefinitionFields } from '../definition/definition-schema.js';
import { memberPointer, type Problem } from '../problem.js';
import { ArgumentValidator } from '../validate/argument-validator.js';
import { declaredProperties } from '../validate/object-schema.js';
import type { JsonSchema } from '../validate/json-schema.js';
import { shownCost } from './collapse.js';
import { effectProblems, reasonProblems } from './effect-rules.js';
import { compileHttp } from './http-rules.js';
import { compileInputSchema, compileOutputSchema } from './input-schema.js';
import { instructionWarnings } from './instruction-like-text.js';
import { ProblemList } from './problem-list.js';
import { isReservedSlug, reserved } from './tool-rules.js';

export type CompiledTool =
  | { readonly ok: true; readonly tool: Tool }
  | {
      readonly ok: false;
      /** The tool's slug, if the definition has a valid one. */
      readonly slug?: string;
      /** All problems. Their pointers lead into the definition as it was written. */
      readonly problems: readonly Problem[];
    };

/** Facts about a tool from its maker, beyond the definition. */
export interface ToolOrigin {
  /**
   * Where the effect class comes from.
   * @default 'declared'
   */
  readonly effectSource?: Tool['effect_source'];
  /** Points to check before the tool is used, in addition to the compiler's own findings. */
  readonly warnings?: readonly ToolWarning[];
  /**
   * Whether to drop examples that the input refuses. Otherwise they make the tool invalid.
   * @default false
   */
  readonly lenientExamples?: boolean;
}

/**
 * The default retry policy of a tool, for every effect class. Its bounds apply to requests that were certainly not
 * processed. The effect class decides about the repetition of any other request.
 */
const defaultRetry: Tool['retry'] = {
  max_attempts: 5,
  initial_backoff_ms: 500,
  max_backoff_ms: 30_000,
  deadline_ms: 86_400_000,
};

/**
 * Compiles a definition to plain data that can be published. The same definition always gives the same data. Never
 * throws: it reports all problems of the definition together.
 */
export function compileTool(source: unknown, origin: ToolOrigin = {}): CompiledTool {
  const problems = new ProblemList();
  const fields = readFields(source, problems);
  const input = fields.input === undefined ? undefined : compileInputSchema(fields.input, problems);
  const output = fields.output === undefined ? undefined : compileOutputSchema(fields.output, problems);
  if (input !== undefined && fields.examples !== undefined) {
    if (origin.lenientExamples !== true) checkExamples(input, fields.examples, problems);
    else if (problems.isEmpty) fields.examples = validExamples(input, fields.examples);
  }
  const http =
    fields.http === undefined ? undefined : compileHttp(fields.http, input, fields.effect, problems);
  checkPagination(fields.pagination, input, problems);
  if (fields.slug !== undefined && isReservedSlug(fields.slug)) problems.add('/slug', reserved);
  if (fields.freshnessMs !== undefined && fields.effect?.class !== 'read') {
    problems.add(
      '/freshnessMs',
      "is allowed only for effect { class: 'read' }; other answers last for validityMs",
    );
  }
  if (fields.effect !== undefined) {
    const { effect, http: request, slug } = fields;
    problems.addAll([...effectProblems(effect, request, slug), ...reasonProblems(effect, request?.method)]);
  }

  if (isComplete(fields) && input !== undefined && http !== undefined && problems.isEmpty) {
    const tool = assemble(fields, input, output, http, origin);
    const checked = ToolPublished.schema.safeParse(tool);
    if (checked.success) return { ok: true, tool: checked.data };
    problems.addIssues('', checked.error.issues);
  }
  return { ok: false, ...defined({ slug: fields.slug }), problems: problems.all };
}

type Writable<Fields> = { -readonly [Name in keyof Fields]?: Fields[Name] };

function readFields(source: unknown, problems: ProblemList): Writable<DefinitionFields> {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) {
    problems.add('', 'must be an object');
    return {};
  }
  const given = source as Readonly<Record<string, unknown>>;
  const fields: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries<z.ZodType>(definitionFields)) {
    const result = schema.safeParse(given[name]);
    if (result.success) fields[name] = result.data;
    else if (given[name] === undefined) problems.add(memberPointer('', name), 'is required');
    else problems.addIssues(memberPointer('', name), result.error.issues);
  }
  const http = fields['http'] as DefinitionFields['http'] | undefined;
  // A GET is safe by RFC 9110. If a provider breaks that rule, the author has to declare the effect.
  if (given['effect'] === undefined && http?.method === 'GET') fields['effect'] = { class: 'read' };
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(definitionFields, name))
      problems.add(memberPointer('', name), 'is not a field of a tool');
  }
  return fields;
}

function isComplete(fields: Partial<DefinitionFields>): fields is DefinitionFields {
  const names: readonly (keyof DefinitionFields)[] = ['slug', 'version', 'provider', 'description', 'effect'];
  return names.every((name) => fields[name] !== undefined);
}

function checkExamples(
  input: JsonSchema,
  examples: DefinitionFields['examples'],
  problems: ProblemList,
): void {
  if (examples.length === 0 || problems.all.some(({ pointer }) => pointer.startsWith('/input'))) return;
  const validator = new ArgumentValidator({ input: input as Tool['input'] });
  for (const [index, example] of examples.entries()) {
    const result = validator.validate(example.arguments);
    if (result.ok) continue;
    for (const problem of result.problems) {
      problems.add(`/examples/${index}/arguments${problem.pointer}`, problem.message);
    }
  }
}

function checkPagination(
  pagination: DefinitionFields['pagination'],
  input: JsonSchema | undefined,
  problems: ProblemList,
): void {
  if (pagination === undefined || pagination.by === 'link' || input === undefined) return;
  if (declaredProperties(input).has(pagination.argument)) return;
  problems.add('/pagination/argument', `names "${pagination.argument}", which is not an argument`);
}

function validExamples(
  input: JsonSchema,
  examples: DefinitionFields['examples'],
): DefinitionFields['examples'] {
  if (examples.length === 0) return examples;
  const validator = new ArgumentValidator({ input: input as Tool['input'] });
  return examples.filter((example) => validator.validate(example.arguments).ok);
}

function assemble(
  fields: DefinitionFields,
  input: JsonSchema,
  output: JsonSchema | undefined,
  http: Tool['http'],
  { effectSource = 'declared', warnings = [] }: ToolOrigin,
): Readonly<Record<string, unknown>> {
  const { provider, retry } = fields;
  const effect = compileEffect(fields.effect);
  const tool = {
    slug: fields.slug,
    version: fields.version,
    toolkit: fields.toolkit ?? provider.slug,
    title: fields.title ?? titleOf(fields.slug),
    description: fields.description,
    tags: fields.tags,
    aliases: fields.aliases,
    ...(fields.deprecated ? { deprecated: true } : {}),
    security: fields.security,
    provider: { slug: provider.slug, base_url: provider.baseUrl.replace(/\/+$/, '') },
    input,
    ...defined({ output }),
    examples: fields.examples,
    http,
    effect,
    effect_source: effectSource,
    ...shownCost(fields.slug, fields.description, input),
    warnings,
    timeout_ms: fields.timeoutMs,
    ...defined({ max_response_bytes: fields.maxResponseBytes }),
    retry: retry === undefined ? defaultRetry : compileRetry(retry),
    ...defined({ pagination: fields.pagination, compensation: fields.compensation }),
    validity_ms: fields.validityMs,
    ...defined({ freshness_ms: fields.freshnessMs }),
  };
  return { ...tool, warnings: [...warnings, ...instructionWarnings(tool)] };
}

function compileRetry(retry: NonNullable<DefinitionFields['retry']>): Tool['retry'] {
  return {
    max_attempts: retry.maxAttempts,
    initial_backoff_ms: retry.initialBackoffMs,
    max_backoff_ms: retry.maxBackoffMs,
    deadline_ms: retry.deadlineMs,
    ...(retry.refusedStatuses.length === 0 ? {} : { refused_statuses: retry.refusedStatuses }),
  };
}

function compileEffect(effect: DefinitionFields['effect']): Tool['effect'] {
  switch (effect.class) {
    case 'keyed':
      return {
        class: 'keyed',
        in: effect.in,
        name: effect.in === 'header' ? effect.name.toLowerCase() : effect.name,
        ttl_ms: effect.ttlMs,
      };
    case 'probeable':
      return {
        class: 'probeable',
        probe: effect.probe,
        settle_ms: effect.settleMs,
        reference: effect.reference,
        argument: effect.argument,
        found: effect.found,
      };
    case 'opaque':
      return effect.atLeastOnce === true ? { class: 'opaque', at_least_once: true } : { class: 'opaque' };
    default:
      return { class: effect.class };
  }
}

function titleOf(slug: string): string {
  const words = slug.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
