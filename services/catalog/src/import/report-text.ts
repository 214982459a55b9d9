import type { Finding, ImportReport, OperationReport } from '@action-mesh/openapi';

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
