import { errorMessage } from '@action-mesh/kernel';

import type {
  FoundDefinition,
  DiscoveredTools,
  ToolSource,
  UnreadableSource,
} from '../../application/tool-source.port.js';
import { loadModules } from './load-modules.js';
import type { LoadedModule, ToolModule } from './loader/protocol.js';
import { fingerprintOf, modulesAt, pathMeantBy } from './module-files.js';

/** A module that takes longer is taken for one that never ends. */
const evaluationTimeoutMs = 10_000;
const unmarkedTool = 'looks like a tool but is not one: wrap it in defineTool of @action-mesh/tools';

/** Options for reading modules. */
export interface ModuleToolSourceOptions {
  /** @default 10 s */
  readonly evaluationTimeoutMs?: number;
}

/**
 * Tools in JavaScript and TypeScript modules: every exported value that `defineTool` made. A location is a folder (a
 * path that is absolute or begins with a dot) or the name of an installed package. In a folder, modules are found at
 * any depth, without installed packages. Each call evaluates the modules again, in a new process.
 */
export class ModuleToolSource implements ToolSource {
  readonly #locations: readonly string[];
  readonly #timeoutMs: number;

  constructor(locations: readonly string[], options: ModuleToolSourceOptions = {}) {
    this.#locations = locations;
    this.#timeoutMs = options.evaluationTimeoutMs ?? evaluationTimeoutMs;
  }

  async find(): Promise<DiscoveredTools> {
    const listed = await Promise.all(this.#locations.map((location) => listedAt(location)));
    const loaded = [
      ...(await loadModules(
        listed.flatMap(({ modules }) => modules),
        this.#timeoutMs,
      )),
    ];
    const definitions: FoundDefinition[] = [];
    const unreadable: UnreadableSource[] = [];
    const locations: { location: string; sources: readonly string[] }[] = [];
    for (const { location, modules, problem } of listed) {
      const here = { definitions: [] as FoundDefinition[], unreadable: [] as UnreadableSource[] };
      for (const module of modules) read(module, loaded.shift(), await pathMeantBy(location), here);
      if (problem !== undefined) here.unreadable.push(unreadableSource(location, problem));
      // An empty location is a problem. A wrong path must not look like a wish to withdraw all tools.
      else if (here.definitions.length + here.unreadable.length === 0)
        here.unreadable.push(unreadableSource(location, 'it holds no tool'));
      definitions.push(...here.definitions);
      unreadable.push(...here.unreadable);
      locations.push({ location, sources: here.definitions.map(({ source }) => source) });
    }
    return { definitions, unreadable, locations };
  }

  async fingerprint(): Promise<string> {
    return (await Promise.all(this.#locations.map((location) => fingerprintOf(location)))).join('\n\n');
  }
}

interface Listed {
  readonly location: string;
  readonly modules: readonly ToolModule[];
  readonly problem?: string;
}

async function listedAt(location: string): Promise<Listed> {
  try {
    return { location, modules: await modulesAt(location) };
  } catch (error) {
    return { location, modules: [], problem: errorMessage(error) };
  }
}

function read(
  { name }: ToolModule,
  loaded: LoadedModule | undefined,
  meant: string,
  here: { definitions: FoundDefinition[]; unreadable: UnreadableSource[] },
): void {
  const { tools = [], unmarked = [], problem } = loaded ?? {};
  for (const { exported, compiled } of tools)
    here.definitions.push({ source: `${name}#${exported}`, compiled });
  for (const exported of unmarked)
    here.unreadable.push({
      source: `${name}#${exported}`,
      problems: [{ pointer: '', message: unmarkedTool }],
    });
  if (problem !== undefined) here.unreadable.push(unreadableSource(name, `${problem}${meant}`));
}

function unreadableSource(source: string, reason: string): UnreadableSource {
  return { source, problems: [{ pointer: '', message: `cannot be read: ${reason}` }] };
}
