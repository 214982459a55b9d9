import type { Tool, ToolWarning } from '@action-mesh/contracts/catalog';
import { defined, errorMessage, parseUrl } from '@action-mesh/kernel';
import { defineTool, type HttpDefinition, type Problem } from '@action-mesh/tools';
import { compileTool, pathProblem } from '@action-mesh/tools/compile';

import type { OpenApiDocument } from './document/openapi-document.js';
import { Findings } from './finding.js';
import { inferEffect } from './operations/effect.js';
import type { Operation } from './operations/operation.js';
import { inferPagination } from './operations/pagination.js';
import { successResponse } from './operations/response.js';
import { securityOf } from './operations/security.js';
import { operationUrl } from './operations/server.js';
import type { OperationName } from './operations/slug.js';
import { wordingOf } from './operations/wording.js';
import type { OperationReport } from './report.js';
import type { Credentials } from './request/credentials.js';
import { examplesOf } from './request/example-list.js';
import { RequestShaper, type RequestShape } from './request/request-shape.js';
import { callProblem } from './schema/callable.js';
import type { SchemaConverter } from './schema/schema-converter.js';

/** The context that all operations of an import share. */
export interface ImportContext {
  readonly document: OpenApiDocument;
  readonly input: SchemaConverter;
  readonly output: SchemaConverter;
  readonly credentials: Credentials;
  readonly toolkit: string;
  readonly baseUrl: string;
  readonly documentUrl?: string;
  /** The number of schemas that the remaining tools may hold together. */
  readonly budget: { left: number };
}

type Method = Tool['http']['method'];
const methods: ReadonlySet<string> = new Set<Method>(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const longestName = 300;
/** The version of every tool. The publisher gives out later versions. */
const version = '1.0.0';

/**
 * Converts one operation to a tool, or reports the reasons that it cannot. Never throws, so a failure does not affect
 * other operations.
 */
export function importOperation(
  context: ImportContext,
  operation: Operation,
  name: OperationName,
): { readonly tool?: Tool; readonly report: OperationReport } {
  const findings = new Findings();
  let tool: Tool | undefined;
  try {
    tool = toolOf(context, operation, name, findings);
  } catch (error) {
    findings.refuse('importer_failed', operation.pointer, `cannot be read: ${errorMessage(error)}`);
  }
  const made = findings.reasons.length === 0 ? tool : undefined;
  for (const { code, pointer, message } of made?.warnings ?? []) {
    if (code === 'instruction_like_text') {
      findings.warn(code, operation.pointer, `${message} (at ${pointer} of the tool)`);
    }
  }
  return {
    ...defined({ tool: made }),
    report: reportOf(context, operation, name.slug, made, findings),
  };
}

function toolOf(
  context: ImportContext,
  operation: Operation,
  { slug, former }: OperationName,
  findings: Findings,
): Tool | undefined {
  const { document } = context;
  const { method, pointer, path } = operation;
  if (!methods.has(method)) {
    findings.refuse('method_unsupported', pointer, `is a ${method}, and tools do not support that method`);
    return undefined;
  }
  const unusable = pathProblem(path);
  if (unusable !== undefined) {
    findings.refuse('path_unusable', pointer, `its path ${unusable}`);
    return undefined;
  }
  if (context.budget.left <= 0) {
    findings.refuse(
      'import_too_large',
      pointer,
      'comes after more schemas than one import holds: select fewer operations',
    );
    return undefined;
  }
  const credentials = context.credentials.of(operation);
  const shape = new RequestShaper(document, context.input, operation, credentials).shape();
  context.budget.left -= shape.conversion.schemas;
  findings.addAll(shape.conversion.findings);
  const { output, accept } = successResponse(document, context.output, operation, findings);
  const security = securityOf(document, operation, credentials, findings);
  const { title, description, tags, deprecated } = wordingOf(operation, findings);
  const baseUrl = operationUrl(context, operation, findings);
  const host = parseUrl(baseUrl)?.hostname;
  const effect = inferEffect(document, operation, { key: shape.key, host }, findings);
  if (findings.reasons.length > 0) return undefined;

  const declared = shape.body?.declared;
  const headers = {
    ...defined({ accept }),
    ...(declared?.contentType === undefined ? {} : { 'content-type': declared.contentType }),
  };
  const definition = {
    slug,
    ...(former === undefined ? {} : { aliases: [former] }),
    version: version,
    toolkit: context.toolkit,
    ...defined({ title }),
    provider: { slug: context.toolkit, baseUrl },
    description,
    tags,
    deprecated,
    security,
    input: shape.input,
    examples: examplesOf(document, shape),
    http: {
      method: method as Method,
      path,
      parameters: shape.parameters,
      headers,
      ...bodyBinding(operation, shape),
    },
    effect,
  };
  const origin = { effectSource: 'inferred', lenientExamples: true, warnings: warningsOf(findings) } as const;
  if (output !== undefined) {
    const described = compileTool(defineTool({ ...definition, output }), origin);
    if (described.ok) return looked(withPages(context, operation, described.tool), pointer, findings);
    const [problem] = described.problems;
    if (problem !== undefined && described.problems.every((each) => each.pointer.startsWith('/output'))) {
      findings.warn(
        'output_dropped',
        pointer,
        `${sentence(problem)}; the description of answers was left out`,
      );
    }
  }
  const plain = compileTool(defineTool(definition), { ...origin, warnings: warningsOf(findings) });
  if (plain.ok) return looked(withPages(context, operation, plain.tool), pointer, findings);
  for (const problem of plain.problems) findings.refuse('not_a_tool', pointer, sentence(problem));
  return undefined;
}

function withPages({ document }: ImportContext, operation: Operation, tool: Tool): Tool {
  return { ...tool, ...defined({ pagination: inferPagination(document, operation, tool) }) };
}

/** Checks that some call fits the tool. Otherwise the tool is imported with a warning. */
function looked(tool: Tool, pointer: string, findings: Findings): Tool {
  const problem = tool.examples.length > 0 ? undefined : callProblem(tool.input);
  if (problem === undefined) return tool;
  const code = 'no_call_found';
  const message = `has an input for which no valid call could be made up: ${problem}`;
  findings.warnAbove(code, pointer, message);
  return { ...tool, warnings: [...tool.warnings, { code, pointer: '/input', message }] };
}

/**
 * The body's definition, if it differs from the default. By default the body of a POST, PUT or PATCH is the JSON
 * object of all arguments without a place.
 */
function bodyBinding({ method }: Operation, { body }: RequestShape): Pick<HttpDefinition<unknown>, 'body'> {
  if (body === undefined) return {};
  const { argument, lists, files, declared } = body;
  if (argument === undefined && declared.encoding === 'json' && method !== 'DELETE') return {};
  return {
    body: {
      encoding: declared.encoding,
      ...defined({ lists, files, argument }),
    },
  };
}

/**
 * The findings as warnings of the tool. They concern the tool as a whole, because a tool's pointers lead into the
 * tool and not into the document.
 */
function warningsOf(findings: Findings): ToolWarning[] {
  return findings.warnings.map(({ code, message }) => ({ code, pointer: '', message }));
}

function sentence({ pointer, message }: Problem): string {
  return pointer === '' ? message : `${pointer} of the tool ${message}`;
}

function reportOf(
  { credentials }: ImportContext,
  operation: Operation,
  slug: string,
  tool: Tool | undefined,
  findings: Findings,
): OperationReport {
  const { reasons, warnings } = findings;
  const left = credentials
    .of(operation)
    .map(({ in: place, name }) => `${place} ${name}`.slice(0, longestName));
  return {
    operation: `${operation.method} ${operation.path}`.slice(0, longestName),
    ...(operation.id === undefined ? {} : { operationId: operation.id.slice(0, longestName) }),
    pointer: operation.pointer,
    slug,
    status:
      tool === undefined ? 'quarantined' : warnings.length === 0 ? 'imported' : 'imported_with_warnings',
    ...(tool === undefined ? {} : { effect: tool.effect.class }),
    ...(left.length === 0 ? {} : { credentials: left }),
    reasons,
    warnings,
  };
}
