import type { Finding, ImportReport, OperationReport } from '@action-mesh/openapi';

import type { ImportedToolkit } from '../application/import-toolkit.js';
import { changeKinds } from '../domain/change.js';

const MOST_SHOWN = 100;
const LONGEST_OPERATION = 100;

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
  return [
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
    ...section('About the document', warnings.map(line)),
    ...section(
      'Quarantined',
      quarantined.flatMap((operation) => lines(operation, operation.reasons)),
    ),
    ...section(
      'Imported with warnings',
      warned.flatMap((operation) => lines(operation, operation.warnings)),
    ),
  ].join('\n');
}

/** What the catalog made of the tools, for a person. */
export function toolkitText(toolkit: ImportedToolkit): string {
  const { release, isNew, differences, conflicts, refused, stable, held, published } = toolkit;
  const kinds = changeKinds.map((kind): [string, number] => [
    kind,
    differences.filter((each) => each.kind === kind).length,
  ]);
  return [
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
          ...changes
            .filter(({ kind }) => kind === 'breaking')
            .map(({ pointer, message }) => `    ${printable(pointer)} ${message}`),
        ]),
    ),
    ...section(
      'Overrides that need a look',
      conflicts.flatMap(({ slug, revision, conflicts: found, problems }) => [
        `  ${slug}, override ${revision}`,
        ...[...found, ...problems].map(({ pointer, message }) => `    ${printable(pointer)} ${message}`),
      ]),
    ),
    ...section(
      'Not taken',
      refused.map(
        ({ slug, problems }) => `  ${slug}: ${problems[0]?.pointer ?? ''} ${problems[0]?.message ?? ''}`,
      ),
    ),
    '',
    held === undefined
      ? `Who pins no version gets ${stable ?? 'nothing yet'}.`
      : `Who pins no version stays at ${stable ?? 'nothing'}: ${held}. PUT /v1/toolkits/${toolkit.toolkit}/stable moves it.`,
    ...(published ? [] : ['The topics could not be reached; the catalog tries again until they are.']),
  ].join('\n');
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

function lines({ operation }: OperationReport, findings: readonly Finding[]): string[] {
  return [
    `  ${printable(operation).slice(0, LONGEST_OPERATION)}`,
    ...findings.map((finding) => `  ${line(finding)}`),
  ];
}

function line({ code, pointer, message }: Finding): string {
  return `  ${code}: ${printable(message)}${pointer === '' ? '' : `\n      at ${printable(pointer).slice(0, 300)}`}`;
}

/** Names come from the document, and a terminal obeys control characters. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
