import { textTable } from '@action-mesh/testing';
import { effectClasses } from '../chaos-call.js';
import type { CellResult } from './cell-run.js';
import { nameOf } from './cells.js';
import type { MatrixReport } from './matrix.js';

/** The effects that each class promises, in the order of the columns. */
const promises = ['0', '1', '1', '1', '0-1', '1+'] as const;

/** Prints the matrix with the effects counted in each cell. Returns whether all cells keep their promises. */
export function showMatrix({ cells, broken }: MatrixReport, say: (line: string) => void): boolean {
  const rows = new Map<string, Map<string, CellResult>>();
  for (const cell of cells) {
    const name = `${cell.point}, lease ${cell.lease}, ${cell.recoverer} recovers`;
    const row = rows.get(name) ?? new Map<string, CellResult>();
    row.set(cell.effect, cell);
    rows.set(name, row);
  }
  say('');
  say(
    'effects/requests at the provider; ? means that a person has to decide about the effect, ! that the cell broke a promise',
  );
  say('');
  say(
    textTable(
      ['crash point', ...effectClasses.map((effect, index) => `${effect} (${promises[index] ?? ''})`)],
      [...rows].map(([name, row]) => [name, ...effectClasses.map((effect) => textOf(row.get(effect)))]),
    ),
  );
  say('');
  const count = (status: string): number => cells.filter((cell) => cell.status === status).length;
  say(
    `${cells.length} cells: ${count('succeeded')} succeeded, ${count('needs_review')} left to a person, ` +
      `${cells.length - count('succeeded') - count('needs_review')} other, ${broken} with a broken promise`,
  );
  for (const cell of cells) {
    if (cell.faults.length > 0) say(`FAULT: ${nameOf(cell)}: ${firstLine(cell.faults)}`);
  }
  return broken === 0;
}

function textOf(cell: CellResult | undefined): string {
  if (cell === undefined) return '';
  const mark = cell.faults.length > 0 ? '!' : cell.status === 'needs_review' ? '?' : ' ';
  return `${cell.effects}/${cell.requests}${mark}`;
}

function firstLine(faults: readonly string[]): string {
  return faults.map((fault) => fault.split('\n')[0] ?? '').join('; ');
}
