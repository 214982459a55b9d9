import type { Writable } from 'node:stream';

import { errorMessage } from '@action-mesh/kernel';

import { UnwritableReportError } from './import.errors.js';

/**
 * Writes a line. Resolves when it is written, or when its reader has left (`| head -1`). Rejects with
 * `UnwritableReportError`.
 */
export function writeLine(stream: Writable, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: NodeJS.ErrnoException | null): void => {
      if (error === undefined || error === null || error.code === 'EPIPE') resolve();
      else
        reject(
          new UnwritableReportError(`the report cannot be written: ${errorMessage(error)}`, { cause: error }),
        );
    };
    // A stream emits its error after it calls the callback. An error event without a listener ends the process.
    stream.on('error', settle);
    stream.write(`${line}\n`, settle);
  });
}
