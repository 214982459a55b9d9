import { fork, type ChildProcess as NodeChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Tests run this file as it is written, and then the child as well. */
const fromSource = import.meta.url.endsWith('.ts');

/** How much of a child's output is kept, to be shown when it dies unexpectedly. */
const keptOutputBytes = 16 * 1024;

export interface ChildProcessOptions {
  /** What it is called in messages. */
  readonly name: string;
  /** What to run, as a URL without its ending: the compiled file beside a compiled caller, the source beside a source. */
  readonly file: URL;
  readonly args?: readonly string[];
  /** Modules that the child runs before `file`, as URLs without an ending. Their queries are their arguments. */
  readonly preloads?: readonly URL[];
  readonly env: Readonly<Record<string, string>>;
  /** Told of each message that the child sends. */
  readonly onMessage?: (message: unknown) => void;
  /** Told when the child ends without having been asked to. */
  readonly onUnexpectedExit: (error: Error) => void;
}

/**
 * A process that lives no longer than this one: the child ends itself when the channel between the two closes, which the
 * operating system does even for a parent that was killed.
 */
export class ChildProcess implements AsyncDisposable {
  readonly pid: number;
  readonly #child: NodeChildProcess;
  #output = '';
  #expected = false;

  constructor(private readonly options: ChildProcessOptions) {
    const child = fork(fileURLToPath(withEnding(options.file)), options.args ?? [], {
      env: { ...options.env },
      execArgv: [
        ...(fromSource ? ['--conditions=@action-mesh/source', '--import', 'tsx'] : []),
        ...(options.preloads ?? []).flatMap((preload) => ['--import', withEnding(preload).href]),
      ],
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
    // Not its exit: what it printed last may still be on its way.
    child.once('close', (code, signal) => this.#report(`ended with ${signal ?? `code ${code ?? '?'}`}`));
  }

  /** The first message that the child sends; rejects when it ends before. */
  async firstMessage(): Promise<unknown> {
    const outcome = await Promise.race([
      once(this.#child, 'message').then(([message]: unknown[]) => ({ message })),
      once(this.#child, 'exit').then(() => undefined),
    ]);
    if (outcome === undefined)
      throw new Error(`${this.options.name} ended before it was ready\n${this.#output}`);
    return outcome.message;
  }

  /** The last of what it printed, for somebody who asks why nothing happens. */
  get output(): string {
    return this.#output;
  }

  /** Freezes it: its connections stay open and it does nothing. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Resolves when it is gone, of which nobody else is told: it is expected to die by itself. */
  async death(): Promise<void> {
    this.#expected = true;
    if (this.#hasEnded()) return;
    await once(this.#child, 'exit');
  }

  /** Ends it without warning and waits until it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to drain and end; without an answer in time it is killed. */
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
    this.options.onUnexpectedExit(new Error(`${this.options.name} ${what}\n${this.#output}`.trim()));
  }
}

function withEnding(module: URL): URL {
  const file = new URL(module);
  file.pathname += fromSource ? '.ts' : '.js';
  return file;
}
