import { startDevstack } from '@action-mesh/devstack';
import { OpenResources } from '@action-mesh/platform';

import { nameOfAuthCell, type AuthCell, type AuthCellResult } from './auth-cells.js';
import { runAuthCell } from './auth-cell-run.js';

export interface AuthOptions {
  readonly cells: readonly AuthCell[];
  /** The callers that ask for one connection at once. */
  readonly callers: number;
  /** The number of cells that run at the same time. */
  readonly atOnce: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface AuthReport {
  readonly cells: readonly AuthCellResult[];
  readonly broken: number;
}

/** Races for the refresh token of one connection, in every cell. */
export async function runAuth({ cells, callers, atOnce, say, signal }: AuthOptions): Promise<AuthReport> {
  const open = new OpenResources();
  try {
    const devstack = open.use(await startDevstack({ report: say, signal, need: ['kafka', 'postgres'] }));
    const context = { brokers: devstack.kafkaBrokers, databaseUrl: devstack.databaseUrl, callers, signal };
    say(`${cells.length} races, ${atOnce} at a time, each with ${callers} callers and 3 brokers`);
    const results = new Map<string, AuthCellResult>();
    const queue = [...cells];
    const work = async (): Promise<void> => {
      for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
        signal.throwIfAborted();
        const result = await runAuthCell(cell, context);
        results.set(nameOfAuthCell(cell), result);
        say(progress(result, results.size, cells.length));
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: Math.min(atOnce, cells.length) }, work));
    signal.throwIfAborted();
    for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
    const ordered = cells.flatMap((cell) => results.get(nameOfAuthCell(cell)) ?? []);
    return { cells: ordered, broken: ordered.filter(({ faults }) => faults.length > 0).length };
  } finally {
    await open.close();
  }
}

function progress(result: AuthCellResult, done: number, of: number): string {
  const { served, sentToUser, state, tookMs, faults } = result;
  const verdict = faults.length === 0 ? 'ok' : `BROKEN: ${faults.join('; ')}`;
  return (
    `  ${String(done).padStart(String(of).length)}/${of} ${nameOfAuthCell(result)}: ${state}, ${served} served, ` +
    `${sentToUser} sent to the user, ${(tookMs / 1_000).toFixed(1)} s, ${verdict}`
  );
}
