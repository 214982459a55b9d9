import { createLogger, type Logger } from './logger.js';
import { ConfigError } from './platform.errors.js';
import type { RunningService } from './service.js';

/** The part of a Node process that {@link runMain} uses. */
export interface HostProcess {
  on(event: string, listener: (...parameters: never[]) => void): unknown;
  exit(code: number): void;
  readonly stderr: { write(text: string): unknown };
}

export interface MainOptions {
  /** The logger for lines about the process itself. @default a logger named `main` */
  readonly logger?: Logger;
  /** The time limit of the drain, milliseconds. Afterwards the process ends with unfinished work. @default 25 000 */
  readonly drainTimeoutMs?: number;
  /** @default `process` */
  readonly host?: HostProcess;
}

/** The exit codes of the process. */
const ExitCode = { stopped: 0, failed: 1, misconfigured: 2 } as const;

/**
 * Runs one service in this process: starts it, waits for SIGINT or SIGTERM, drains it, and exits. The signal for
 * `start` aborts when the process has to stop before the start ends.
 *
 * Exit codes: 0 drained; 1 failed, or not drained in time, or stopped by a second signal; 2 wrong configuration.
 */
export async function runMain(
  start: (signal: AbortSignal) => Promise<RunningService>,
  options: MainOptions = {},
): Promise<void> {
  const { drainTimeoutMs = 25_000 } = options;
  const host: HostProcess = options.host ?? process;
  const logger = options.logger ?? createLogger({ service: 'main' });
  const stop = new AbortController();

  const onSignal = (name: string): void => {
    if (stop.signal.aborted) {
      logger.warn({ signal: name }, 'second signal: exiting at once');
      host.exit(ExitCode.failed);
      return;
    }
    logger.info({ signal: name }, 'stopping');
    stop.abort();
    setTimeout(() => {
      logger.error({ drainTimeoutMs }, 'not drained in time: exiting with work undone');
      host.exit(ExitCode.failed);
    }, drainTimeoutMs).unref();
  };
  host.on('SIGINT', () => onSignal('SIGINT'));
  host.on('SIGTERM', () => onSignal('SIGTERM'));
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    host.on(event, (error: unknown) => {
      // The state of half-finished work is unknown, so the process does not drain. The ledger recovers it.
      logger.fatal({ err: error }, event);
      host.exit(ExitCode.failed);
    });
  }

  try {
    const service = await start(stop.signal);
    await aborted(stop.signal);
    await service.close();
    host.exit(ExitCode.stopped);
  } catch (error) {
    if (error instanceof ConfigError) {
      host.stderr.write(`${error.message}\n`);
      host.exit(ExitCode.misconfigured);
    } else if (stop.signal.aborted && error === stop.signal.reason) {
      host.exit(ExitCode.stopped);
    } else {
      logger.fatal({ err: error }, 'failed');
      host.exit(ExitCode.failed);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
