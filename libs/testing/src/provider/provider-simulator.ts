import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { compiledFile } from '@action-mesh/kernel';

import { SimulatorError } from '../testing.errors.js';
import type {
  Behaviour,
  EffectFilter,
  EffectReport,
  RecordedRequest,
  RequestFilter,
  SimulatorOptions,
} from './oracle.js';

/**
 * A handle for the provider simulator and effect oracle. Both run in a process of their own, so their records survive a
 * test that kills other processes. The process ends with the process that started it.
 */
export class ProviderSimulator implements AsyncDisposable {
  readonly pid: number;

  readonly #child: ChildProcess;
  /** The base URL, without a slash at the end. */
  readonly url: string;

  private constructor(
    child: ChildProcess,

    url: string,
  ) {
    this.#child = child;
    this.url = url;

    this.pid = child.pid ?? 0;
  }

  /** Starts a simulator. Resolves when it answers. Errors: `TESTING_SIMULATOR`. */
  static async start(options: SimulatorOptions = {}): Promise<ProviderSimulator> {
    const child = spawn(
      process.execPath,
      [fileURLToPath(compiledFile('./simulator-process', import.meta.url)), JSON.stringify(options)],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    // A write to a dead simulator fails. That failure has no meaning.
    child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
    lines.close();
    if (typeof line !== 'string') throw new SimulatorError('the provider simulator ended before it listened');
    return new ProviderSimulator(child, (JSON.parse(line) as { url: string }).url);
  }

  /** Adds a behaviour. The newest matching behaviour wins. */
  async behave(behaviour: Behaviour): Promise<void> {
    await this.#ask('POST', 'behaviour', behaviour);
  }

  /** Removes all faults and kinds. Counters stay. */
  async clearBehaviours(): Promise<void> {
    await this.#ask('DELETE', 'behaviour');
  }

  /** The received requests, oldest first. Empty when the simulator runs `compact`. */
  async requests(filter: RequestFilter = {}): Promise<readonly RecordedRequest[]> {
    return (await this.#ask('GET', `requests?${query(filter)}`)) as readonly RecordedRequest[];
  }

  /** The effects, counted by effect key. */
  async effects(filter: EffectFilter = {}): Promise<EffectReport> {
    return (await this.#ask('GET', `effects?${query(filter)}`)) as EffectReport;
  }

  /** Deletes requests, counters, behaviours and state. */
  async reset(): Promise<void> {
    await this.#ask('POST', 'reset');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Each request uses its own connection, so no socket stays open after the answer. */
  #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(`${this.url}/__oracle/${path}`, { method, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else
            reject(new SimulatorError(`${method} ${path} was answered ${response.statusCode ?? 0}: ${text}`));
        });
      });
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** Starts a provider simulator in its own process. It ends when it is disposed of, or with this process. */
export function startProviderSimulator(options: SimulatorOptions = {}): Promise<ProviderSimulator> {
  return ProviderSimulator.start(options);
}

function query(filter: object): string {
  return new URLSearchParams(
    Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}
