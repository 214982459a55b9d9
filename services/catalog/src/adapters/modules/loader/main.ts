/**
 * Evaluates modules of tools in a process of its own. A module that hangs, exits or floods memory harms no other process, and
 * the next process sees every edit.
 */
import nodeModule from 'node:module';

import { isDefinedTool } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';

import { loadProblem } from './load-problem.js';
import type { LoadedModule, ModuleLoadRequest, ToolModule } from './protocol.js';
import { initialize, resolveAtOnce } from './resolve-hook.js';

/** The module API of Node.js 22.15 and newer. The types of Node.js 20 do not contain it. */
const { registerHooks } = nodeModule as {
  readonly registerHooks?: (hooks: { readonly resolve: typeof resolveAtOnce }) => void;
};
if (registerHooks === undefined) {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  nodeModule.register(`./resolve-hook.${ending}`, import.meta.url, { data: { catalogUrl: import.meta.url } });
} else {
  // tsx uses the same hooks if they exist. The hooks that are registered last see an import first.
  initialize({ catalogUrl: import.meta.url });
  registerHooks({ resolve: resolveAtOnce });
}

process.once('disconnect', () => process.exit(0));
process.once('message', (request: ModuleLoadRequest) => void answer(request));
process.send?.('ready');

async function answer({ modules, timeoutMs }: ModuleLoadRequest): Promise<void> {
  for (const module of modules) {
    const loaded = await load(module, timeoutMs);
    await new Promise((resolve) => process.send?.(loaded, resolve));
  }
}

async function load(module: ToolModule, timeoutMs: number): Promise<LoadedModule> {
  try {
    return toolsOf(await withinTime(import(module.specifier) as Promise<object>, timeoutMs));
  } catch (error) {
    return { tools: [], unmarked: [], problem: loadProblem(error, module.path) };
  }
}

async function withinTime<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not finish within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function toolsOf(module: object): LoadedModule {
  const exports = Object.entries(module);
  return {
    tools: exports
      .filter(([, value]) => isDefinedTool(value))
      .map(([exported, definition]) => ({ exported, compiled: compileTool(definition) })),
    unmarked: exports
      .filter(([, value]) => !isDefinedTool(value) && looksLikeTool(value))
      .map(([exported]) => exported),
  };
}

function looksLikeTool(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && ['slug', 'provider', 'http'].every((name) => name in value)
  );
}
