import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { compiledFile } from '@action-mesh/kernel';

import type { MappingAnswer, MappingJob } from './mapping-messages.js';

/** The heap of a process, MiB. */
export const heapMb = 64;
/** A process on a busy machine takes a while to start. The time of a mapping begins afterwards. */
const startWithinMs = 30_000;

/** A process that evaluates one mapping after the other. A thread would end the whole service when its heap is full. */
export class MappingProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<boolean>;
  #isEnded = false;

  constructor() {
    this.#child = fork(compiledFile('./child/main', import.meta.url), {
      env: {},
      execArgv: [`--max-old-space-size=${heapMb}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.once('exit', () => (this.#isEnded = true));
    this.#ready = this.#next<'ready'>(startWithinMs).then((message) => message === 'ready');
  }

  /** The answer to a job. `ended`: the process had to be ended, and takes no other job. */
  async run(job: MappingJob): Promise<MappingAnswer | 'ended'> {
    const isReady = await this.#ready;
    if (!isReady || this.#isEnded) return await this.#end();
    const answer = this.#next<MappingAnswer>(2 * job.timeoutMs);
    this.#child.send(job, () => undefined);
    return (await answer) ?? (await this.#end());
  }

  async close(): Promise<void> {
    await this.#end();
  }

  /** The next message, or undefined when the process ends or takes too long. */
  #next<Message>(withinMs: number): Promise<Message | undefined> {
    return new Promise((resolve) => {
      const done = (message?: Message): void => {
        clearTimeout(timer);
        this.#child.off('message', done).off('exit', gone).off('error', gone);
        resolve(message);
      };
      const gone = (): void => done();
      const timer = setTimeout(gone, withinMs);
      this.#child.on('message', done).on('exit', gone).on('error', gone);
    });
  }

  async #end(): Promise<'ended'> {
    if (!this.#isEnded && this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.on('error', () => undefined);
      const exit = once(this.#child, 'exit');
      if (this.#child.kill('SIGKILL')) await exit;
    }
    return 'ended';
  }
}
