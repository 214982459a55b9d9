import { errorMessage, MeshError } from '@action-mesh/kernel';

/** The part of a Node process that a command touches. */
export interface CommandHost {
  /** The words after the command's name. */
  readonly words: readonly string[];
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): void;
  out(line: string): void;
  error(line: string): void;
}

/** What a command line may say. */
export interface CommandUsage<Options> {
  /** Text for `--help` and for people who used the command wrong. */
  readonly help: string;
  /** Reads the words after the command's name. Throws with one sentence for people. */
  read(words: readonly string[]): Options | 'help';
}

export interface Command<Options> extends CommandUsage<Options> {
  /** Runs until it is done, or until the signal aborts. */
  run(options: Options, running: CommandRun): Promise<CommandResult>;
}

export interface CommandRun {
  /** Aborts at SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Writes a line for people; to standard error where standard output is for the JSON object. */
  readonly say: (line: string) => void;
}

export interface CommandResult {
  /** Whether the report shows what it should. */
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

/** Reads the command line. Returns the exit code where it is wrong (2) or asks for help (0), and has said so. */
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
 * Runs a command from its words to its exit code: 0 done and all as it should be; 1 not; 2 wrong usage; 130 interrupted.
 */
export async function runCommand<Options extends { readonly json: boolean }>(
  command: Command<Options>,
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

/** An error of ours explains itself. Any other is a defect, and needs its stack. */
function describeFailure(error: unknown): string {
  if (error instanceof MeshError || !(error instanceof Error)) return errorMessage(error);
  return error.stack ?? errorMessage(error);
}
