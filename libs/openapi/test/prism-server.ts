import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Prism in the role of the provider: it answers by a document, and checks every request against it. */
export class PrismServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#child = child;
    this.#folder = folder;
  }

  /** Resolves when Prism listens. */
  static async start(document: object): Promise<PrismServer> {
    const folder = await mkdtemp(join(tmpdir(), 'prism-'));
    const file = join(folder, 'openapi.json');
    await writeFile(file, JSON.stringify(document));
    const port = await freePort();
    const cli = join(
      dirname(createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json')),
      'dist/index.js',
    );
    const child = spawn(process.execPath, [cli, 'mock', '-p', String(port), '-h', '127.0.0.1', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Kills Prism also if the test's own process ends before its hooks run.
    process.once('exit', () => child.kill('SIGKILL'));
    const server = new PrismServer(`http://127.0.0.1:${port}`, child, folder);
    try {
      await server.#listening();
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGKILL');
      await ended;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  #listening(): Promise<void> {
    return new Promise((resolve, reject) => {
      let output = '';
      const look = (chunk: Buffer): void => {
        if (output.length > 100_000) return;
        output += chunk.toString();
        if (output.includes('Prism is listening')) resolve();
      };
      this.#child.stdout?.on('data', look);
      this.#child.stderr?.on('data', look);
      this.#child.once('exit', (code) =>
        reject(new Error(`Prism ended with ${code}: ${output.slice(-1_000)}`)),
      );
      this.#child.once('error', reject);
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
