import type { Readable, Writable } from 'node:stream';

/** A stream that may lead to a terminal. */
export type TerminalOutput = Writable & { readonly isTTY?: boolean };

/** The process around a command. Tests pass their own. */
export interface CliWorld {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly folder: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: TerminalOutput;
  readonly stderr: TerminalOutput;
  /** Ends the command: Ctrl-C, or a closed output. */
  readonly signal: AbortSignal;
}
