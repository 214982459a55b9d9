import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { waitFor } from '@action-mesh/testing';

import { runCommandLine } from '../src/program/command-line.js';

const root = join(import.meta.dirname, '../../..');
const program = join(root, 'clients/cli/dist/main.js');

/** The end of a command. */
export interface EndedCommand {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The variables, the input and the end of a command. */
export interface CommandSetting {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly signal?: AbortSignal;
  readonly folder?: string;
}

/** A mesh of one process without kept data, as `npm start -- --fresh` starts it. */
export class MeshUnderTest implements AsyncDisposable {
  readonly #child: ChildProcess;
  #output = '';

  constructor(variables: Readonly<Record<string, string>> = {}) {
    const file = join(root, 'services/standalone/dist/main.js');
    this.#child = spawn(process.execPath, [file, '--fresh'], {
      cwd: root,
      env: { ...infrastructure(), PORT: '0', ...variables },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  async ready(): Promise<void> {
    await waitFor(
      () => {
        if (this.#child.exitCode !== null) throw new Error(`The mesh ended.\n${this.#output}`);
        return this.#output.includes('Ctrl-C');
      },
      { what: 'the welcome of the mesh', timeoutMs: 240_000 },
    );
  }

  get url(): string {
    return /GATEWAY_URL=(\S+)/.exec(this.#output)?.[1] ?? '';
  }

  get key(): string {
    return /mesh_dev_[\w-]+/.exec(this.#output)?.[0] ?? '';
  }

  /** The variables of a command against this mesh. */
  get variables(): Readonly<Record<string, string>> {
    return { MESH_URL: this.url, MESH_KEY: this.key, MESH_USER: 'ada', HOME: '/nowhere' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}

/** The servers of the running tests, which the environment names. */
function infrastructure(): Record<string, string | undefined> {
  const { PATH, KAFKA_BROKERS, DATABASE_URL, REDIS_URL } = process.env;
  return { PATH, KAFKA_BROKERS, DATABASE_URL, REDIS_URL };
}

/** Runs a command in this process. */
export async function runHere(words: readonly string[], setting: CommandSetting = {}): Promise<EndedCommand> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const printed = Promise.all([text(stdout), text(stderr)]);
  const code = await runCommandLine(words, {
    environment: setting.environment ?? {},
    folder: setting.folder ?? root,
    stdin: Readable.from([setting.input ?? '']),
    stdout,
    stderr,
    signal: setting.signal ?? new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  const [out, error] = await printed;
  return { code, stdout: out, stderr: error };
}

/** Starts a command as a process of its own. */
export function startProcess(words: readonly string[], setting: CommandSetting = {}): ChildProcess {
  return spawn(process.execPath, [program, ...words], {
    cwd: setting.folder ?? root,
    env: { PATH: process.env['PATH'], ...setting.environment },
  });
}

/** Waits for the end of a process. */
export async function endOf(child: ChildProcess): Promise<EndedCommand> {
  const printed = Promise.all(
    [child.stdout, child.stderr].map((stream) => (stream === null ? Promise.resolve('') : text(stream))),
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  const [stdout = '', stderr = ''] = await printed;
  return { code, stdout, stderr };
}
