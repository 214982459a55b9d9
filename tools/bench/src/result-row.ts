import { textTable } from '@action-mesh/testing';

export interface Target {
  readonly relation: '≤' | '≥';
  readonly bound: number;
}

/** One line of the table. */
export interface ResultRow {
  readonly section: string;
  readonly name: string;
  /** Absent when this machine cannot measure it. `note` then has the reason. */
  readonly figure?: number;
  readonly unit: string;
  readonly target?: Target;
  readonly note?: string;
}

type Verdict = 'met' | 'MISSED' | 'not measured' | '';

/** Whether the figure of a row reaches its target. Empty for a row without a target. */
export function verdictOf({ figure, target }: ResultRow): Verdict {
  if (figure === undefined) return 'not measured';
  if (target === undefined) return '';
  const met = target.relation === '≤' ? figure <= target.bound : figure >= target.bound;
  return met ? 'met' : 'MISSED';
}

/** All rows with their verdicts. Notes come after the columns, because they have any length. */
export function resultTable(rows: readonly ResultRow[]): string {
  const [head = '', rule = '', ...lines] = textTable(
    ['', 'figure', 'target', ''],
    rows.map((row) => [
      `${row.section}: ${row.name}`,
      row.figure === undefined ? '–' : `${row.figure.toLocaleString('en')} ${row.unit}`.trim(),
      row.target === undefined ? '' : `${row.target.relation} ${row.target.bound.toLocaleString('en')}`,
      verdictOf(row),
    ]),
  ).split('\n');
  const noted = lines.map((line, index) => `${line}   ${rows[index]?.note ?? ''}`.trimEnd());
  return [head, rule, ...noted].join('\n');
}

export function atMost(bound: number): Target {
  return { relation: '≤', bound };
}

export function atLeast(bound: number): Target {
  return { relation: '≥', bound };
}
