import { errorMessage } from '@action-mesh/kernel';
import { OpenApiError, type Finding, type ImportReport, type OperationReport } from '@action-mesh/openapi';
import type { Problem } from '@action-mesh/tools';

import type { ImportedToolkit } from '../application/import-toolkit.js';
import { changeKinds } from '../domain/change.js';
import { ImportRefusedError } from './import.errors.js';
import { printable } from './shown-text.js';

/** Lines of one section. */
const MOST_SHOWN = 200;
/** Of one tool, or of the import as a whole. */
const MOST_PROBLEMS = 5;
const LONGEST_LINE = 500;

/** The report for a person: totals, then whatever is not simply imported, with its reasons. */
export function reportText({
  title,
  format,
  toolkit,
  baseUrl,
  totals,
  warnings,
  operations,
}: ImportReport): string {
  const quarantined = operations.filter(({ status }) => status === 'quarantined');
  const warned = operations.filter(({ status }) => status === 'imported_with_warnings');
  const effects = new Map<string, number>();
  for (const { effect } of operations)
    if (effect !== undefined) effects.set(effect, (effects.get(effect) ?? 0) + 1);
  return shown([
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

/** What the catalog made of the tools, for a person. */
export function toolkitText(toolkit: ImportedToolkit): string {
  const { release, isNew, differences, conflicts, refused, stable, held, published } = toolkit;
  const kinds = changeKinds.map((kind): [string, number] => [
    kind,
    differences.filter((each) => each.kind === kind).length,
  ]);
  return shown([
    `The catalog has the toolkit "${toolkit.toolkit}" as ${release ?? 'nothing yet'}${isNew ? '' : ', as before: nothing changed'}.`,
    ...(differences.length === 0
      ? []
      : ['', ...table(kinds.map(([kind, count]) => [`changed, ${kind}`, count]))]),
    ...section(
      'What breaks callers',
      differences
        .filter(({ kind }) => kind === 'breaking')
        .flatMap(({ slug, was = 'new', is = 'gone', changes }) => [
          `  ${slug} ${was} -> ${is}`,
          ...changes.filter(({ kind }) => kind === 'breaking').map(problemLine),
        ]),
    ),
    ...section(
      'Overrides that need a look',
      conflicts.flatMap(({ slug, revision, conflicts: found, problems }) => [
        `  ${slug}, override ${revision}`,
        ...[...found, ...problems].map(problemLine),
      ]),
    ),
    ...section(
      'Not taken',
      refused.flatMap(({ slug, problems }) => [`  ${slug}`, ...problemLines(problems)]),
    ),
    '',
    held === undefined
      ? `Who pins no version gets ${stable ?? 'nothing yet'}.`
      : `Who pins no version stays at ${stable ?? 'nothing'}: ${held}. PUT /v1/toolkits/${toolkit.toolkit}/stable moves it.`,
    ...(published ? [] : ['The topics could not be reached; the catalog tries again until they are.']),
  ]);
}

/** What went wrong, for a person; not yet printable. */
export function errorLines(error: unknown): readonly string[] {
  const place = error instanceof OpenApiError && error.pointer !== '' ? ` (at ${error.pointer})` : '';
  return [
    `${errorMessage(error)}${place}`,
    ...(error instanceof ImportRefusedError ? problemLines(error.problems) : []),
  ];
}

/** Most of a text is from a document or from the network, so all of it is made printable, line by line. */
function shown(lines: readonly string[]): string {
  return lines.map((line) => printable(line.slice(0, LONGEST_LINE))).join('\n');
}

function table(rows: readonly (readonly [name: string, count: number])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, count]) => `  ${name.padEnd(width)}  ${String(count).padStart(6)}`);
}

function section(heading: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  const hidden = texts.length - MOST_SHOWN;
  return [
    '',
    heading,
    ...texts.slice(0, MOST_SHOWN),
    ...(hidden > 0 ? [`  … and ${hidden} more lines (--json has all)`] : []),
  ];
}

function operationLines({ operation }: OperationReport, findings: readonly Finding[]): string[] {
  return [`  ${operation}`, ...findings.flatMap(findingLines).map((line) => `  ${line}`)];
}

function findingLines({ code, pointer, message }: Finding): string[] {
  return [`  ${code}: ${message}`, ...(pointer === '' ? [] : [`    at ${pointer}`])];
}

function problemLines(problems: readonly Problem[]): string[] {
  const hidden = problems.length - MOST_PROBLEMS;
  return [
    ...problems.slice(0, MOST_PROBLEMS).map(problemLine),
    ...(hidden > 0 ? [`    … and ${hidden} more`] : []),
  ];
}

function problemLine({ pointer, message }: Problem): string {
  return `    ${pointer === '' ? '' : `${pointer} `}${message}`;
}
