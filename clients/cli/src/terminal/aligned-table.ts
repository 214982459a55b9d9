import Table from 'cli-table3';

import { printable } from '../tools-import/shown-text.js';
import type { Painter } from './text-color.js';

/** A cell before it is shown. Undefined is empty. */
export type TableCell = string | number | boolean | undefined;

/** A column: its heading, and its cell in a row. */
export interface TableColumn<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => TableCell;
  /** Colours the text of a cell. */
  readonly paint?: (text: string) => string;
  /** The most characters of a cell. */
  readonly width?: number;
}

const noBorders = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((place) => [place, '']),
);
const widestCell = 60;

/** Rows under headings, aligned, without borders. `none` is the text for no rows. */
export function alignedTable<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { paint, none }: { readonly paint: Painter; readonly none: string },
): string {
  if (rows.length === 0) return none;
  const table = new Table({
    chars: { ...noBorders, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(
    columns.map(({ heading }) => paint('quiet', heading)),
    ...rows.map((row) =>
      columns.map(({ cell, paint: paintCell = (text: string) => text, width = widestCell }) =>
        paintCell(shortText(cell(row), width)),
      ),
    ),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** One printable line of at most `width` characters. */
export function shortText(value: TableCell | null, width: number): string {
  const text = printable(String(value ?? '').slice(0, width * 2));
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Lines of names and values, aligned. Values that are undefined or empty are left out. */
export function factLines(
  facts: readonly (readonly [name: string, value: TableCell])[],
  paint: Painter,
): string[] {
  const shown = facts.filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${paint('quiet', name.padEnd(width))}  ${printable(String(value))}`);
}
