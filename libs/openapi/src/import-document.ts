import type { Tool } from '@action-mesh/contracts/catalog';
import { defined, parseUrl } from '@action-mesh/kernel';
import { baseUrlProblem } from '@action-mesh/tools';

import { OpenApiDocument } from './document/openapi-document.js';
import { isTrialUrl, serverUrl } from './document/servers.js';
import { Findings } from './finding.js';
import { importOperation, type ImportContext } from './import-operation.js';
import { isJsonObject, objectAt, stringAt } from './json-object.js';
import { OpenApiError } from './openapi.errors.js';
import { operationsOf, type Operation } from './operations/operation.js';
import { selection } from './operations/selection.js';
import { slugsOf } from './operations/slug.js';
import { toolkitName } from './operations/toolkit-name.js';
import { Credentials } from './request/credentials.js';
import type { ImportReport, OperationReport } from './report.js';
import { SchemaConverter } from './schema/schema-converter.js';
import { prose } from './text.js';

/** Options of an import. */
export interface ImportOptions {
  /**
   * The toolkit of the tools. It is also their provider and the beginning of their names.
   * @default a name from the vendor, by the server's host, and the document's title: `github` for `GitHub v3 REST
   * API`
   */
  readonly toolkit?: string;
  /**
   * The address of the API: `https://api.example.com/v1`. Operations with their own servers keep them.
   * @default the document's first usable server with https, else the first with http
   */
  readonly baseUrl?: string;
  /** The address of the fetched document. Relative servers are resolved against it. */
  readonly documentUrl?: string;
  /**
   * `tag:issues`, `path:/repos/**`, `op:issues/*`, or a glob of operation ids. An operation that matches one of them
   * is imported.
   * @default everything
   */
  readonly select?: readonly string[];
  /** Called after each operation, with the number of done operations and of all. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** The tools of a document in its order, and the result of each operation. */
export interface ImportResult {
  readonly tools: readonly Tool[];
  readonly report: ImportReport;
}

const mostOperations = 5_000;
/**
 * The most schemas in the inputs of all tools of one import. Each input counts with everything that it refers to.
 * GitHub's inputs have a tenth of that.
 */
const mostSchemas = 400_000;
const slug = /^[a-z][a-z0-9_]{0,39}$/;

/**
 * Makes tools out of an OpenAPI 3.0 or 3.1 or a Swagger 2.0 document: JSON or YAML text, or parsed.
 *
 * No I/O: references to other files are never fetched. The same document and options give the same result, byte for
 * byte. An operation that cannot be a tool is reported and does not affect the others. Throws `OpenApiError` for a
 * document that cannot be read at all.
 */
export function importDocument(source: string | object, options: ImportOptions = {}): ImportResult {
  const document = new OpenApiDocument(source);
  const title = prose((stringAt(objectAt(document.root, 'info'), 'title') ?? '').replace(/\s+/g, ' '), 200);
  const findings = new Findings();
  const all = operationsOf(document, findings);
  const context = contextOf(document, title, all, options);
  lookAtDocument(document, findings);
  if (options.baseUrl === undefined && context.baseUrl.startsWith('http:'))
    findings.warn(
      'plain_http',
      '/servers',
      'offer only http: others can read calls and their credentials on the network',
    );
  if (isTrialUrl(context.baseUrl)) {
    findings.warn(
      'sandbox_server',
      '/servers',
      `is ${context.baseUrl}, which looks like a sandbox: set the address of the production API (--base-url)`,
    );
  }
  const isSelected = selection(options.select ?? []);
  const selected = all.filter(isSelected);
  if (selected.length > mostOperations) {
    throw new OpenApiError(
      'OPENAPI_TOO_MANY_OPERATIONS',
      `${selected.length} operations are selected, and ${mostOperations} is the most: select fewer of them`,
      '/paths',
    );
  }
  const slugs = slugsOf(context.toolkit, all);
  const tools: Tool[] = [];
  const operations: OperationReport[] = [];
  for (const operation of selected) {
    const { tool, report } = importOperation(context, operation, slugs.get(operation) ?? { slug: '' });
    if (tool !== undefined) tools.push(tool);
    operations.push(report);
    options.onProgress?.(operations.length, selected.length);
  }
  const { toolkit, baseUrl } = context;
  const totals = totalsOf(all.length, operations);
  const format = document.version;
  return {
    tools,
    report: {
      title,
      format,
      toolkit,
      baseUrl,
      totals,
      credentials: context.credentials.all,
      warnings: findings.warnings,
      operations,
    },
  };
}

function contextOf(
  document: OpenApiDocument,
  title: string,
  operations: readonly Operation[],
  options: ImportOptions,
): ImportContext {
  const toolkit = options.toolkit ?? toolkitNameOf(document, title, options);
  if (!slug.test(toolkit)) {
    throw refusedOption(
      options.toolkit === undefined
        ? 'the document has neither a title nor a server for the name of a toolkit: set the name (--toolkit)'
        : `the toolkit must match ${slug.source}`,
    );
  }
  const { documentUrl } = options;
  return {
    document,
    input: new SchemaConverter(document, 'input'),
    output: new SchemaConverter(document, 'output'),
    credentials: Credentials.of(document, operations),
    toolkit,
    baseUrl: baseUrlOf(document, options),
    budget: { left: mostSchemas },
    ...defined({ documentUrl }),
  };
}

/**
 * Takes the name from a server with a full address. The host of the fetched document often differs from the API's.
 */
function toolkitNameOf(document: OpenApiDocument, title: string, { baseUrl }: ImportOptions): string {
  const url = baseUrl ?? serverUrl(document.root, undefined) ?? '';
  return toolkitName(title, parseUrl(url)?.hostname, isTrialUrl(url));
}

function baseUrlOf(document: OpenApiDocument, { baseUrl, documentUrl }: ImportOptions): string {
  if (baseUrl !== undefined) {
    const problem = baseUrlProblem(baseUrl);
    if (problem !== undefined) throw new OpenApiError('OPENAPI_BASE_URL', `the base URL ${problem}`);
    return baseUrl.replace(/\/+$/, '');
  }
  const url = serverUrl(document.root, documentUrl);
  if (url !== undefined) return url;
  throw new OpenApiError(
    'OPENAPI_BASE_URL',
    'the document names no server with an absolute http or https URL: set the address of the API (--base-url)',
    '/servers',
  );
}

function lookAtDocument(document: OpenApiDocument, findings: Findings): void {
  if (document.clamped > 0) {
    findings.warn(
      'number_clamped',
      '',
      `has ${document.clamped} numbers beyond 2^53-1; they were lowered to it`,
    );
  }
  if (!isJsonObject(document.root['paths']))
    findings.warn('no_paths', '/paths', 'is not an object, so there is no operation');
}

function totalsOf(all: number, operations: readonly OperationReport[]): ImportReport['totals'] {
  const count = (status: OperationReport['status']) =>
    operations.filter((each) => each.status === status).length;
  return {
    operations: all,
    selected: operations.length,
    imported: count('imported'),
    importedWithWarnings: count('imported_with_warnings'),
    quarantined: count('quarantined'),
  };
}

function refusedOption(message: string): OpenApiError {
  return new OpenApiError('OPENAPI_OPTION', message);
}
