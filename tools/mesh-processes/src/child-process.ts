import { fork, type ChildProcess as NodeChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The bytes of a child's output that are kept, for the error of an unexpected end. */
const keptOutputBytes = 16 * 1024;

export interface ChildProcessOptions {
  /** The name of the process in messages. */
  readonly name: string;
  /** The compiled program. */
  readonly file: URL;
  readonly args?: readonly string[];
  /** Compiled modules that the child runs before `file`. The query of a URL holds the arguments of its module. */
  readonly preloads?: readonly URL[];
  readonly env: Readonly<Record<string, string>>;
  /** Called for each message of the child. */
  readonly onMessage?: (message: unknown) => void;
  /** Called when the child ends and its owner did not end it. */
  readonly onUnexpectedExit: (error: Error) => void;
}

/**
 * A process that ends with this one. The child ends itself when the channel between the two closes. The operating
 * system closes the channel even for a parent that was killed.
 */
export class ChildProcess implements AsyncDisposable {
  readonly pid: number;
  readonly #child: NodeChildProcess;
  #output = '';
  #expected = false;

  readonly #options: ChildProcessOptions;

  constructor(options: ChildProcessOptions) {
    this.#options = options;

    const child = fork(fileURLToPath(options.file), options.args ?? [], {
      env: { ...options.env },
      execArgv: (options.preloads ?? []).flatMap((preload) => ['--import', preload.href]),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.pid = child.pid ?? 0;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-keptOutputBytes);
      });
    }
    if (options.onMessage !== undefined) child.on('message', options.onMessage);
    child.once('error', (error) => this.#report(error.message));
    // `exit` may come before the last output.
    child.once('close', (code, signal) => this.#report(`ended with ${signal ?? `code ${code ?? '?'}`}`));
  }

  /** The first message of the child. Rejects when the child ends before. */
  async firstMessage(): Promise<unknown> {
    const outcome = await Promise.race([
      once(this.#child, 'message').then(([message]: unknown[]) => ({ message })),
      once(this.#child, 'exit').then(() => undefined),
    ]);
    if (outcome === undefined)
      throw new Error(`${this.#options.name} ended before it was ready\n${this.#output}`);
    return outcome.message;
  }

  /** The last part of the child's output, for error messages. */
  get output(): string {
    return this.#output;
  }

  /** Freezes the process. Its connections stay open and it does nothing. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Resolves when the process has ended by itself, which counts as expected. */
  async death(): Promise<void> {
    this.#expected = true;
    if (this.#hasEnded()) return;
    await once(this.#child, 'exit');
  }

  /** Kills the process and waits until it has ended. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks the process to drain and end. Kills it when it does not end in time. */
  async stop(timeoutMs = 30_000): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    await this.#end('SIGTERM');
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#expected = true;
    if (this.#hasEnded()) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #report(what: string): void {
    if (this.#expected) return;
    this.#expected = true;
    this.#options.onUnexpectedExit(new Error(`${this.#options.name} ${what}\n${this.#output}`.trim()));
  }
}
