import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { ActionMesh } from '@action-mesh/sdk';
import type { Command } from 'commander';

import { CliFailure, CliUsageError, InterruptedError } from '../cli.errors.js';
import { exitCodes } from '../exit-code.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { printable } from '../tools-import/shown-text.js';
import type { CliWorld } from '../world.js';
import { tailLine } from './calls.js';

/** Adds `mesh dev`. */
export function addDev(program: Command, session: CommandSession): void {
  program
    .command('dev [folder]')
    .description('start a mesh with the tools of a folder, take edits as they come, and show outcomes')
    .option('--fresh', 'a throw-away mesh that keeps no data')
    .action(session.action<{ readonly fresh?: boolean }, [string | undefined]>(develop));
}

async function develop(
  context: CommandContext,
  { fresh }: { readonly fresh?: boolean },
  given = 'tools',
): Promise<number> {
  const { world, output } = context;
  const tools = resolve(world.folder, given);
  const isFolder = await stat(tools).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new CliUsageError(`There is no folder ${given}. \`mesh init ${given}\` makes one.`);
  const checkout = await checkoutAbove([world.folder, import.meta.dirname]);
  if (checkout === undefined) {
    throw new CliUsageError(
      'The services are in no folder above. Run it in a checkout of Action Mesh: npm run mesh -- dev <folder>.',
    );
  }
  const child = spawn(
    process.execPath,
    [
      '--import',
      './scripts/compile.mjs',
      'services/standalone/dist/main.js',
      ...(fresh === true ? ['--fresh'] : []),
    ],
    {
      cwd: checkout,
      env: { ...world.environment, CATALOG_TOOLS: tools },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const stopping = stopWith(world, child);
  const watch = new AbortController();
  const started = await welcomeOf(child, (line) => output.print(line));
  if (started !== undefined) {
    const signal = AbortSignal.any([world.signal, watch.signal]);
    void showOutcomes(context, await clientOf(started, checkout, world.environment), signal);
  }
  const [code] = await ended;
  clearTimeout(stopping.timer);
  watch.abort();
  if (world.signal.aborted) return exitCodes.interrupted;
  if (code !== 0)
    throw new CliFailure(`The mesh ended with exit code ${code ?? 'none'}; its own words are above.`);
  return exitCodes.done;
}

/** A mesh that got a signal has ended before, drained or not. */
const longestDrainMs = 30_000;

/**
 * Stops the mesh when the command is interrupted. A terminal sends Ctrl-C to the mesh too, and a second signal would end
 * it without a drain. A SIGINT from elsewhere looks the same, so the mesh gets one after the longest drain.
 */
function stopWith({ signal, stdin }: CliWorld, child: ChildProcess): { timer?: NodeJS.Timeout } {
  const stopping: { timer?: NodeJS.Timeout } = {};
  const stop = (): void => void child.kill('SIGTERM');
  const onAbort = (): void => {
    const reason: unknown = signal.reason;
    const isCtrlC = stdin.isTTY === true && reason instanceof InterruptedError && reason.signal === 'SIGINT';
    if (isCtrlC) stopping.timer = setTimeout(stop, longestDrainMs);
    else stop();
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return stopping;
}

/** The folder of a checkout, in or above one of these folders. */
async function checkoutAbove(folders: readonly string[]): Promise<string | undefined> {
  for (const start of folders) {
    for (let at = resolve(start); ; at = dirname(at)) {
      const isCheckout = await access(join(at, 'services/standalone/package.json')).then(
        () => true,
        () => false,
      );
      if (isCheckout) return at;
      if (dirname(at) === at) break;
    }
  }
  return undefined;
}

interface StartedMesh {
  readonly url: string;
  /** Absent when the key lies beside the data. */
  readonly key: string | undefined;
}

/** Passes the lines of the mesh on. Resolves with its address when it is ready, or undefined when it ended before. */
async function welcomeOf(
  child: ChildProcess,
  print: (line: string) => Promise<void>,
): Promise<StartedMesh | undefined> {
  const { stdout } = child;
  if (stdout === null) return undefined;
  return new Promise((resolve) => {
    void passOn(stdout, print, resolve).finally(() => resolve(undefined));
  });
}

async function passOn(
  stdout: Readable,
  print: (line: string) => Promise<void>,
  ready: (mesh: StartedMesh) => void,
): Promise<void> {
  let text = '';
  for await (const line of createInterface({ input: stdout })) {
    // Without a reader of the lines, the mesh runs on until its signal.
    await print(line).catch(() => undefined);
    if (text.length < 100_000) text += `${line}\n`;
    const url = /GATEWAY_URL=(\S+)/.exec(text)?.[1];
    if (url !== undefined && line.includes('Ctrl-C')) {
      ready({ url, key: /\bmesh_dev_[\w-]+/.exec(text)?.[0] });
    }
  }
}

/** A client with the key of the start: the given one, the printed one, or the one beside the data. */
async function clientOf(
  { url, key }: StartedMesh,
  checkout: string,
  environment: CliWorld['environment'],
): Promise<ActionMesh> {
  const given = environment['GATEWAY_API_KEY']?.trim();
  const stack = environment['MESH_STACK_FOLDER']?.trim() || join(checkout, '.mesh');
  const kept = (): Promise<string> => readFile(join(stack, 'data/api-key'), 'utf8');
  const apiKey = given === undefined || given === '' ? (key ?? (await kept()).trim()) : given;
  return new ActionMesh({ baseUrl: url, apiKey });
}

async function showOutcomes(context: CommandContext, mesh: ActionMesh, signal: AbortSignal): Promise<void> {
  const { output } = context;
  try {
    for await (const outcome of mesh.outcomes.subscribe({}, { signal })) {
      await output.show(outcome, () => tailLine(outcome, context));
    }
  } catch (error) {
    if (!signal.aborted)
      output.say(printable(`Outcomes are not shown any more: ${(error as Error).message}`));
  }
}
