import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { compiledFile } from '@action-mesh/kernel';

import type { LoadedModule, ToolModule } from './loader/protocol.js';

/**
 * How long the process may stay silent beyond a module's own time, milliseconds. It needs the time to start and to
 * compile.
 */
const silenceMs = 20_000;

/**
 * Loads the tools of each module, in the given order. A faulty module is a problem in the result and never a rejection.
 */
export async function loadModules(
  modules: readonly ToolModule[],
  timeoutMs: number,
): Promise<readonly LoadedModule[]> {
  const loaded: LoadedModule[] = [];
  while (loaded.length < modules.length) {
    const { answers, problem } = await loadInProcess(modules.slice(loaded.length), timeoutMs);
    loaded.push(...answers);
    // The next module in order ended the process. A new process reads the others.
    if (loaded.length < modules.length) loaded.push({ tools: [], unmarked: [], problem });
  }
  return loaded;
}

async function loadInProcess(
  modules: readonly ToolModule[],
  timeoutMs: number,
): Promise<{ readonly answers: readonly LoadedModule[]; readonly problem: string }> {
  const child = startLoader();
  const answers: LoadedModule[] = [];
  let problem = 'its process ended';
  let timer: NodeJS.Timeout | undefined;
  const patience = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      problem = `did not finish within ${timeoutMs} ms`;
      child.kill('SIGKILL');
    }, timeoutMs + silenceMs);
  };
  patience();
  child.on('message', (message: 'ready' | LoadedModule) => {
    patience();
    if (message === 'ready') child.send({ modules, timeoutMs }, () => undefined);
    else answers.push(message);
    if (answers.length === modules.length) child.kill('SIGKILL');
  });
  // Not `once(child, 'exit')`, which rejects on an error.
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('exit', resolve);
    child.on('error', ({ message }) => resolve(message));
  });
  clearTimeout(timer);
  if (typeof code === 'number') problem = `its process ended with exit code ${code}`;
  if (typeof code === 'string') problem = `its process did not start: ${code}`;
  return { answers, problem };
}

/** Starts the loader. With tsx, it can read tools in TypeScript. */
function startLoader(): ChildProcess {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return fork(fileURLToPath(compiledFile('./loader/main', import.meta.url)), [], {
    execArgv: ['--import', tsx],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
}
