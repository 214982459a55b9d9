import { errorMessage, MeshError } from '@action-mesh/kernel';

/** The part of a Node process that a command uses. */
export interface CommandHost {
  /** The words after the command's name. */
  readonly words: readonly string[];
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): void;
  out(line: string): void;
  error(line: string): void;
}

/** The help and the options of a command line. */
export interface CommandUsage<Options> {
  /** The text for `--help` and after a wrong command line. */
  readonly help: string;
  /** Reads the words after the command's name. Throws with one sentence for people. */
  readonly read: (words: readonly string[]) => Options | 'help';
}

export interface CommandDefinition<Options> extends CommandUsage<Options> {
  /** Runs until it is done, or until the signal aborts. */
  run(options: Options, running: CommandRun): Promise<CommandResult>;
}

export interface CommandRun {
  /** Aborts at SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Writes a line for people. With `--json` it goes to standard error, since standard output has the JSON object. */
  readonly say: (line: string) => void;
}

export interface CommandResult {
  /** Whether every check of the report passed. */
  readonly ok: boolean;
  /** Plain data, printed as one JSON object with `--json`. */
  readonly report: unknown;
}

const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const thisProcess: CommandHost = {
  words: process.argv.slice(2),
  once: (signal, listener) => void process.once(signal, listener),
  out: (line) => console.log(line),
  error: (line) => console.error(line),
};

/** Reads the command line. For a wrong one it prints the reason and returns 2; for `--help` it prints the help and returns 0. */
export function readCommandLine<Options extends object>(
  { help, read }: CommandUsage<Options>,
  host: CommandHost = thisProcess,
): Options | number {
  let options;
  try {
    options = read(host.words);
  } catch (error) {
    host.error(`${errorMessage(error)}\n\n${help}`);
    return exitCodes.usage;
  }
  if (options !== 'help') return options;
  host.out(help);
  return exitCodes.done;
}

/**
 * Runs a command and returns its exit code: 0 every check passed; 1 a check failed or an error; 2 wrong usage; 130
 * interrupted.
 */
export async function runCommand<Options extends { readonly json: boolean }>(
  command: CommandDefinition<Options>,
  host: CommandHost = thisProcess,
): Promise<number> {
  const options = readCommandLine(command, host);
  if (typeof options === 'number') return options;
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.once(signal, () => interrupted.abort(new Error('interrupted')));
  }
  const say = (line: string): void => (options.json ? host.error(line) : host.out(line));
  try {
    const { ok, report } = await command.run(options, { signal: interrupted.signal, say });
    if (options.json) host.out(JSON.stringify(report));
    return ok ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    if (interrupted.signal.aborted) return exitCodes.interrupted;
    host.error(describeFailure(error));
    return exitCodes.failed;
  }
}

/** An error of the mesh explains itself. Any other error is a defect, and its stack is shown. */
function describeFailure(error: unknown): string {
  if (error instanceof MeshError || !(error instanceof Error)) return errorMessage(error);
  return error.stack ?? errorMessage(error);
}
