import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledFile, newId } from '@action-mesh/kernel';
import type { Checkout } from '../checkout.js';
import { ComponentStartError, RunEndedError } from '../devstack.errors.js';
import { discardRun, readRunRecord } from './run-record.js';
import type { ProcessSpec, SupervisorMessage, SupervisorRequest } from './supervisor-protocol.js';

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A process of a run. */
export interface RunProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process ends. It does not keep this process alive; `waitForExit` does. */
  readonly exited: Promise<ExitStatus>;
  hasExited(): boolean;
  waitForExit(): Promise<ExitStatus>;
  /** Sends a signal to the whole group that the process leads. */
  signal(signal: NodeJS.Signals): Promise<void>;
}

export type ProcessRequest = Omit<ProcessSpec, 'cwd' | 'logFile' | 'environment'> & {
  /** @default the folder of the run */
  readonly cwd?: string;
};

type Question = SupervisorRequest extends infer R
  ? R extends SupervisorRequest
    ? Omit<R, 'id'>
    : never
  : never;
/** The answer to a spawn, with the end of its process. */
type Answer = Extract<SupervisorMessage, { tell: 'answer' }> & { readonly exited?: Promise<ExitStatus> };

/** Settings for `sharedFolder`, for servers of another user that may not enter the folder of the run. */
export interface RunOptions {
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Whether `sharedFolder` is a separate folder outside the checkout. @default false */
  readonly sharedOutside?: boolean;
  /** A data folder that the processes of the run use and that outlives it. */
  readonly keeps?: string;
}

/**
 * A set of processes and a data folder that end together: by `end()`, or by themselves when this process dies. The
 * processes belong to a supervisor. If the supervisor is killed, this process clears up instead.
 */
export class Run {
  /** Resolves when every process and folder of the run is gone. */
  readonly ended: Promise<void>;
  readonly #pending = new Map<
    number,
    { resolve: (answer: Answer) => void; reject: (error: Error) => void }
  >();
  /** The reported processes whose end has not been reported. */
  readonly #exits = new Map<number, (status: ExitStatus) => void>();
  #lastId = 0;
  #holders = 0;

  readonly folder: string;
  readonly sharedFolder: string;
  readonly #environment: Readonly<NodeJS.ProcessEnv>;
  readonly #supervisor: ChildProcess;

  private constructor(
    folder: string,
    sharedFolder: string,
    environment: Readonly<NodeJS.ProcessEnv>,
    supervisor: ChildProcess,
  ) {
    this.folder = folder;
    this.sharedFolder = sharedFolder;
    this.#environment = environment;
    this.#supervisor = supervisor;

    const exited = new Promise<void>((resolve) => supervisor.once('exit', () => resolve()));
    this.ended = exited.then(() => this.#clearUp());
    supervisor.on('message', (message: SupervisorMessage) => this.#hear(message));
  }

  static async start(checkout: Checkout, options: RunOptions): Promise<Run> {
    const folder = join(checkout.runsFolder, newId());
    const sharedFolder =
      options.sharedOutside === true ? mkdtempSync(join(tmpdir(), 'action-mesh-')) : folder;
    if (sharedFolder !== folder) chmodSync(sharedFolder, 0o711);
    const folders = sharedFolder === folder ? [folder] : [folder, sharedFolder];
    const supervisor = spawn(
      process.execPath,
      [
        fileURLToPath(compiledFile('./supervisor', import.meta.url)),
        JSON.stringify({ folders, ...(options.keeps !== undefined && { keeps: options.keeps }) }),
      ],
      // A session of its own: Ctrl-C in the terminal and the end of the terminal do not reach it.
      {
        cwd: checkout.root,
        env: { ...options.environment, NODE_OPTIONS: '' },
        detached: true,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    const run = new Run(folder, sharedFolder, options.environment, supervisor);
    await new Promise<void>((resolve, reject) => {
      supervisor.once('message', () => resolve());
      supervisor.once('error', reject);
      supervisor.once('exit', () => reject(new RunEndedError('the supervisor of the run did not start')));
    });
    run.#release();
    return run;
  }

  /** Starts a process. Throws ComponentStartError when the program cannot be run at all. */
  async spawn(component: string, request: ProcessRequest): Promise<RunProcess> {
    const logFile = join(this.folder, `${request.name}.log`);
    const environment = this.#environment;
    const { folder } = this;
    const spec: ProcessSpec = { cwd: folder, ...request, environment, logFile };
    const { pid, exited, error } = await this.#ask({ do: 'spawn', spec });
    if (pid === undefined || exited === undefined)
      throw new ComponentStartError(component, error ?? 'the supervisor did not report the process');
    let exitedAlready = false;
    void exited.then(() => (exitedAlready = true));
    return {
      pid,
      logFile,
      exited,
      hasExited: () => exitedAlready,
      waitForExit: () => this.#holdingOpen(() => exited),
      signal: async (signal) => {
        await this.#ask({ do: 'signal', pid, signal });
      },
    };
  }

  /** Runs one step of a start to its end. Throws ComponentStartError with the last lines of its log when it fails. */
  async execute(component: string, request: ProcessRequest): Promise<void> {
    const step = await this.spawn(component, request);
    const { code, signal } = await step.waitForExit();
    if (code === 0) return;
    const how = signal === null ? `exit code ${String(code)}` : signal;
    throw new ComponentStartError(
      component,
      `${request.name} ended with ${how}`,
      await logTail(step.logFile),
    );
  }

  /** Ends every process and deletes the folders of the run. Resolves when they are gone. */
  async end(): Promise<void> {
    await this.#holdingOpen(async () => {
      if (this.#supervisor.connected) this.#supervisor.disconnect();
      await this.ended;
    });
  }

  #hear(message: SupervisorMessage): void {
    if (message.tell === 'exit') {
      this.#exits.get(message.pid)?.({ code: message.code, signal: message.signal });
      this.#exits.delete(message.pid);
    } else if (message.tell === 'answer') {
      const { pid } = message;
      this.#pending
        .get(message.id)
        ?.resolve(pid === undefined ? message : { ...message, exited: this.#exitOf(pid) });
      this.#pending.delete(message.id);
    }
  }

  /**
   * Registers at the report of the process, before its requester continues. A short process may report its start and
   * its end at once while this process is busy.
   */
  #exitOf(pid: number): Promise<ExitStatus> {
    return new Promise((resolve) => this.#exits.set(pid, resolve));
  }

  async #ask(question: Question): Promise<Answer> {
    if (!this.#supervisor.connected) throw new RunEndedError('the run has ended');
    const id = ++this.#lastId;
    return await this.#holdingOpen(
      () =>
        new Promise<Answer>((resolve, reject) => {
          this.#pending.set(id, { resolve, reject });
          this.#supervisor.send({ ...question, id });
        }),
    );
  }

  /** A stack that was never stopped does not keep its process alive; an awaited answer does. */
  async #holdingOpen<T>(work: () => Promise<T>): Promise<T> {
    this.#holders++;
    this.#supervisor.ref();
    this.#supervisor.channel?.ref();
    try {
      return await work();
    } finally {
      if (--this.#holders === 0) this.#release();
    }
  }

  #release(): void {
    this.#supervisor.unref();
    this.#supervisor.channel?.unref();
  }

  async #clearUp(): Promise<void> {
    const record = readRunRecord(this.folder);
    if (record !== undefined) await discardRun(record);
    for (const { reject } of this.#pending.values()) reject(new RunEndedError('the run has ended'));
    this.#pending.clear();
    for (const settle of this.#exits.values()) settle({ code: null, signal: 'SIGKILL' });
    this.#exits.clear();
  }
}

/** The last lines of a log, for error messages. */
export async function logTail(file: string, lines = 40): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
