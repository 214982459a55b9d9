import { textTable } from '@action-mesh/testing';

import type { AuthReport } from './auth.js';
import { nameOfAuthCell, rotations, type AuthCellResult } from './auth-cells.js';

/** Prints the races. Returns whether all of them keep their promises. */
export function showAuth({ cells, broken }: AuthReport, say: (line: string) => void): boolean {
  const rows = new Map<string, Map<string, AuthCellResult>>();
  for (const cell of cells) {
    const row = rows.get(cell.disturbance) ?? new Map<string, AuthCellResult>();
    row.set(cell.rotation, cell);
    rows.set(cell.disturbance, row);
  }
  say('');
  say(
    'uses of the most presented refresh token, as the authorization server counts them, and the end of the connection;',
  );
  say('! means that the race broke a promise');
  say('');
  say(
    textTable(
      ['killed at, or fault', ...rotations],
      [...rows].map(([name, row]) => [name, ...rotations.map((rotation) => textOf(row.get(rotation)))]),
    ),
  );
  say('');
  const lost = cells.filter(({ state }) => state !== 'active').length;
  say(
    `${cells.length} races: ${cells.length - lost} kept the connection, ${lost} lost a rotation, ${broken} broke a promise`,
  );
  for (const cell of cells)
    if (cell.faults.length > 0)
      say(
        `FAULT: ${nameOfAuthCell(cell)}: ${cell.faults.map((fault) => fault.split('\n')[0] ?? '').join('; ')}`,
      );
  return broken === 0;
}

function textOf(cell: AuthCellResult | undefined): string {
  if (cell === undefined) return '';
  return `${cell.mostUses}× ${cell.state}${cell.faults.length > 0 ? ' !' : ''}`;
}
