import { missingEntry } from '@action-mesh/egress';
import { errorMessage } from '@action-mesh/kernel';
import {
  OpenApiError,
  type DocumentFinding,
  type ImportReport,
  type ImportResult,
  type OperationReport,
} from '@action-mesh/openapi';

import { ImportRefusedError } from './import.errors.js';
import { problemLines, section, printableLines, table } from './text-lines.js';

/**
 * The report for a person: the totals, the tools, then every operation that has warnings or was not imported, with
 * the reasons.
 */
export function reportText({
  title,
  format,
  toolkit,
  baseUrl,
  totals,
  credentials,
  warnings,
  operations,
}: ImportReport): string {
  const quarantined = operations.filter(({ status }) => status === 'quarantined');
  const warned = operations.filter(({ status }) => status === 'imported_with_warnings');
  const effects = new Map<string, number>();
  for (const { effect } of operations)
    if (effect !== undefined) effects.set(effect, (effects.get(effect) ?? 0) + 1);
  return printableLines([
    `${title === '' ? 'A document without a title' : title} (${format}) as toolkit "${toolkit}" at ${baseUrl}`,
    '',
    ...table([
      ['operations in the document', totals.operations],
      ['selected', totals.selected],
      ['imported', totals.imported],
      ['imported with warnings', totals.importedWithWarnings],
      ['quarantined', totals.quarantined],
    ]),
    ...(effects.size === 0
      ? []
      : ['', ...table([...effects].sort().map(([effect, count]) => [`effect ${effect}`, count]))]),
    ...section('Tools', toolLines(operations)),
    ...section(
      'Credentials, which are no arguments',
      credentials.map(
        ({ in: place, name, scheme, operations: count }) =>
          `  ${place} "${name}" of ${count} operations: security scheme "${scheme}"`,
      ),
    ),
    ...section('About the document', warnings.flatMap(findingLines)),
    ...section(
      'Quarantined',
      quarantined.flatMap((operation) => operationLines(operation, operation.reasons)),
    ),
    ...section(
      'Imported with warnings',
      warned.flatMap((operation) => operationLines(operation, operation.warnings)),
    ),
  ]);
}

/** The missing entry of `EGRESS_ALLOW`, if calls cannot reach the API by default. */
export function reachLines(baseUrl: string): string[] {
  const entry = missingEntry(baseUrl);
  return entry === undefined
    ? []
    : [
        '',
        `Calls reach ${baseUrl} only where EGRESS_ALLOW of the executors has ${entry}. npm start allows this machine by itself.`,
      ];
}

/**
 * The number of tools that need a credential, and the variable to set for each provider. Empty if no tool needs one.
 */
export function credentialLines(tools: ImportResult['tools'], { credentials }: ImportReport): string[] {
  const needing = tools.filter(({ security }) => security.length > 0);
  if (needing.length === 0) return [];
  const form = credentialForm(needing, credentials);
  const variables = new Map(
    needing.map(({ provider: { slug, base_url: baseUrl } }) => [
      `CREDENTIAL_${slug.toUpperCase()}`,
      new URL(baseUrl).origin,
    ]),
  );
  return [
    '',
    `${needing.length} of ${tools.length} tools ${needing.length === 1 ? 'needs' : 'need'} a credential. Connections of users are not built yet: until then one credential`,
    'serves all users. Give it to all executors as a variable, and start them again:',
    '',
    ...[...variables].map(([variable, origin]) => `  ${variable}='${origin} ${form}'`),
  ];
}

/** The place of the credential in a request: from the security of the first tool, and the member of its request. */
function credentialForm(tools: ImportResult['tools'], credentials: ImportReport['credentials']): string {
  const [scheme] = tools[0]?.security[0] ?? [];
  if (scheme?.kind === 'basic') return 'basic:USER:PASSWORD';
  if (scheme?.kind !== 'api_key') return 'bearer:TOKEN';
  const member = credentials.find((each) => each.scheme === scheme.scheme && each.in !== 'body');
  return member?.in === 'query' ? `query:${member.name}:KEY` : `header:${member?.name ?? 'NAME'}:KEY`;
}

/** The lines of an error, for a person. They may still contain control characters. */
export function errorLines(error: unknown): readonly string[] {
  const place = error instanceof OpenApiError && error.pointer !== '' ? ` (at ${error.pointer})` : '';
  return [
    `${errorMessage(error)}${place}`,
    ...(error instanceof ImportRefusedError ? problemLines(error.problems) : []),
  ];
}

function toolLines(operations: readonly OperationReport[]): string[] {
  const tools = operations.flatMap(({ slug, effect, operation }) =>
    effect === undefined ? [] : [{ slug, effect, operation }],
  );
  const width = Math.max(...tools.map(({ slug }) => slug.length));
  return tools.map(
    ({ slug, effect, operation }) => `  ${slug.padEnd(width)}  ${effect.padEnd(10)}  ${operation}`,
  );
}

function operationLines({ operation }: OperationReport, findings: readonly DocumentFinding[]): string[] {
  return [`  ${operation}`, ...findings.flatMap(findingLines).map((line) => `  ${line}`)];
}

function findingLines({ code, pointer, message }: DocumentFinding): string[] {
  return [`  ${code}: ${message}`, ...(pointer === '' ? [] : [`    at ${pointer}`])];
}
