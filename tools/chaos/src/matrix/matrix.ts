import { startDevstack } from '@action-mesh/devstack';
import { OpenResources } from '@action-mesh/platform';

import { startChaosProvider } from '../chaos-call.js';
import { runCell, type CellResult } from './cell-run.js';
import { nameOf, type Cell } from './cells.js';

export interface MatrixOptions {
  readonly cells: readonly Cell[];
  /** The number of cells that run at the same time. */
  readonly atOnce: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface MatrixReport {
  readonly cells: readonly CellResult[];
  readonly broken: number;
}

/** Runs every cell on one Kafka and one PostgreSQL, each with its own topics, database and executors. */
export async function runMatrix({ cells, atOnce, say, signal }: MatrixOptions): Promise<MatrixReport> {
  const open = new OpenResources();
  try {
    const devstack = open.use(await startDevstack({ report: say, signal, need: ['kafka', 'postgres'] }));
    const provider = open.use(await startChaosProvider());
    const context = {
      brokers: devstack.kafkaBrokers,
      databaseUrl: devstack.databaseUrl,
      provider,
      signal,
    };
    say(`${cells.length} cells, ${atOnce} at a time`);
    const results = new Map<string, CellResult>();
    const queue = [...cells];
    const work = async (): Promise<void> => {
      for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
        signal.throwIfAborted();
        const result = await runCell(cell, context);
        results.set(nameOf(cell), result);
        say(progress(result, results.size, cells.length));
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: Math.min(atOnce, cells.length) }, work));
    signal.throwIfAborted();
    for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
    const ordered = cells.flatMap((cell) => results.get(nameOf(cell)) ?? []);
    return { cells: ordered, broken: ordered.filter(({ faults }) => faults.length > 0).length };
  } finally {
    await open.close();
  }
}

function progress(result: CellResult, done: number, of: number): string {
  const { requests, effects, status, tookMs, faults } = result;
  const verdict = faults.length === 0 ? 'ok' : `BROKEN: ${faults.join('; ')}`;
  return (
    `  ${String(done).padStart(String(of).length)}/${of} ${nameOf(result)}: ${status}, ` +
    `${effects} effects in ${requests} requests, ${(tookMs / 1_000).toFixed(1)} s, ${verdict}`
  );
}
