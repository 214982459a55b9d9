import { errorMessage } from '@action-mesh/kernel';

import { CliFailure, OutputClosedError } from '../cli.errors.js';
import { printableJson } from '../tools-import/shown-text.js';
import type { CliWorld, TerminalOutput } from '../world.js';
import { painterFor, type Painter } from './text-color.js';

/**
 * The output of one command: results on standard output, everything else on standard error.
 *
 * - CO1: with `--json`, standard output holds JSON and nothing else: one value, or one per line for a stream.
 * - CO2: progress appears only in a terminal.
 */
export class CommandOutput {
  readonly paint: Painter;
  readonly #world: CliWorld;
  readonly #isJson: boolean;

  constructor(world: CliWorld, isJson: boolean) {
    this.#world = world;
    this.#isJson = isJson;
    this.paint = isJson ? (_, text) => text : painterFor(world);
  }

  /** Prints a result: JSON for programs, or the text for people. Rejects with `OutputClosedError` without a reader. */
  async show(value: unknown, text: () => string): Promise<void> {
    await this.print(this.#isJson ? printableJson({ value }).slice('{"value":'.length, -1) : text());
  }

  /** Prints lines as they are. */
  async print(text: string): Promise<void> {
    await writeAll(this.#world.stdout, `${text}\n`);
  }

  /** Prints exact bytes. */
  async printBytes(bytes: Uint8Array): Promise<void> {
    await writeAll(this.#world.stdout, bytes);
  }

  /** Prints a remark for people. */
  say(line: string): void {
    this.#world.stderr.write(`${line}\n`);
  }

  /** Shows a line that each call replaces and `done` removes. It appears only in a terminal. */
  progress(text: () => string): { readonly done: () => void } {
    const { stderr } = this.#world;
    if (stderr.isTTY !== true || this.#isJson) return { done: () => undefined };
    const startedMs = performance.now();
    const draw = (): void => {
      const seconds = Math.floor((performance.now() - startedMs) / 1_000);
      stderr.write(`\r\u001b[K${text()} (${seconds} s)`);
    };
    const timer = setInterval(draw, 500);
    return {
      done: () => {
        clearInterval(timer);
        stderr.write('\r\u001b[K');
      },
    };
  }
}

function writeAll(stream: TerminalOutput, content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: NodeJS.ErrnoException | null): void => {
      stream.off('error', settle);
      if (error === undefined || error === null) resolve();
      else if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
        reject(new OutputClosedError('The reader of the output left.', { cause: error }));
      else reject(new CliFailure(`The output cannot be written: ${errorMessage(error)}.`, { cause: error }));
    };
    stream.on('error', settle);
    stream.write(content, settle);
  });
}
