import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findCheckout } from '../src/checkout.js';
import type { Checkout } from '../src/checkout.js';
import { isAlive } from '../src/run/process-identity.js';
import type { ProcessIdentity } from '../src/run/process-identity.js';
import { readRunRecord } from '../src/run/run-record.js';

/** The programs of these tests are not compiled. */
const fromSource = ['--conditions=@action-mesh/source', '--import', 'tsx'];

/**
 * A checkout state of its own for a test, so the test neither finds nor ends a developer's stack. It shares the jars of
 * Kafka with the real checkout, unless the test is about a first installation.
 */
export class OwnCheckout implements Disposable {
  readonly checkout: Checkout;
  readonly environment: NodeJS.ProcessEnv;
  readonly #folder: string;
  readonly #children: ChildProcess[] = [];

  constructor({ kafkaInstalled = true } = {}) {
    const real = findCheckout();
    mkdirSync(real.runsFolder, { recursive: true });
    this.#folder = mkdtempSync(join(real.runsFolder, '..', 'test-'));
    this.checkout = findCheckout(this.#folder);
    if (kafkaInstalled && existsSync(real.kafkaFolder))
      symlinkSync(real.kafkaFolder, this.checkout.kafkaFolder);
    this.environment = {
      ...process.env,
      KAFKA_BROKERS: '',
      DATABASE_URL: '',
      REDIS_URL: '',
      MESH_STACK_FOLDER: this.#folder,
    };
  }

  /** Starts one of our programs. */
  start(program: string, args: readonly string[] = []): ChildProcess {
    const child = spawn(
      process.execPath,
      [...fromSource, fileURLToPath(new URL(`${program}.ts`, import.meta.url)), ...args],
      {
        env: this.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#children.push(child);
    return child;
  }

  /** Runs one of our programs to its end. */
  async run(program: string, args: readonly string[] = []) {
    const child = this.start(program, args);
    let out = '';
    let error = '';
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (error += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, out, error };
  }

  runFolders(): string[] {
    const { runsFolder } = this.checkout;
    return existsSync(runsFolder) ? readdirSync(runsFolder).map((name) => join(runsFolder, name)) : [];
  }

  /** Every process of every run, supervisors too. */
  processes(): ProcessIdentity[] {
    const records = this.runFolders().map((folder) => readRunRecord(folder));
    return records.flatMap((record) =>
      record === undefined ? [] : [record.supervisor, ...record.processes],
    );
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

export function firstLine(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the output of this process is not read');
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).once('line', resolve);
    child.once('exit', () => reject(new Error('ended without a line')));
  });
}

/** Waits for a condition; the error names it. */
export async function until(what: string, condition: () => boolean, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(20);
  }
}

export const allDead = (processes: readonly ProcessIdentity[]): boolean =>
  !processes.some((one) => isAlive(one));
