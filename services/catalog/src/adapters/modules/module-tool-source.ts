import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { errorMessage } from '@action-mesh/kernel';
import { isDefinedTool } from '@action-mesh/tools';

import type {
  FoundDefinition,
  FoundTools,
  ToolSource,
  UnreadableSource,
} from '../../application/tool-source.port.js';

/** A module that is not evaluated by then never will be. */
const EVALUATION_TIMEOUT_MS = 10_000;
const MODULE = /(?<!\.test)\.m?js$/;
/** When this very file runs as TypeScript, so can the tools. */
const MODULE_FROM_SOURCE = /(?<!\.test|\.d)\.m?[jt]s$/;

/**
 * Tools in JavaScript modules: every exported value that `defineTool` made. A location is a folder (a path
 * that is absolute or begins with a dot), whose modules are found at any depth, or the name of an installed
 * package. A module is evaluated once per process, so changes are seen by the next start.
 */
export class ModuleToolSource implements ToolSource {
  readonly #locations: readonly string[];
  readonly #timeoutMs: number;

  constructor(locations: readonly string[], options: { readonly evaluationTimeoutMs?: number } = {}) {
    this.#locations = locations;
    this.#timeoutMs = options.evaluationTimeoutMs ?? EVALUATION_TIMEOUT_MS;
  }

  async find(): Promise<FoundTools> {
    const definitions: FoundDefinition[] = [];
    const unreadable: UnreadableSource[] = [];
    for (const location of this.#locations) {
      const found = await this.#findAt(location);
      definitions.push(...found.definitions);
      unreadable.push(...found.unreadable);
    }
    return { definitions, unreadable };
  }

  async #findAt(location: string): Promise<FoundTools> {
    const definitions: FoundDefinition[] = [];
    const unreadable: UnreadableSource[] = [];
    try {
      for (const { name, specifier } of await modulesAt(location)) {
        try {
          definitions.push(...toolsOf(name, await this.#evaluate(specifier)));
        } catch (error) {
          unreadable.push(unreadableSource(name, errorMessage(error)));
        }
      }
      // A path that points beside the tools must not pass for the wish to withdraw them all.
      if (definitions.length + unreadable.length === 0)
        unreadable.push(unreadableSource(location, 'it holds no tool'));
    } catch (error) {
      unreadable.push(unreadableSource(location, errorMessage(error)));
    }
    return { definitions, unreadable };
  }

  async #evaluate(specifier: string): Promise<object> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`did not finish within ${this.#timeoutMs} ms`)),
        this.#timeoutMs,
      );
    });
    try {
      return await Promise.race([import(specifier) as Promise<object>, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Module {
  /** What the report calls it. */
  readonly name: string;
  readonly specifier: string;
}

async function modulesAt(location: string): Promise<readonly Module[]> {
  if (!isAbsolute(location) && !location.startsWith('.')) return [{ name: location, specifier: location }];
  const folder = resolve(location);
  const pattern = import.meta.url.endsWith('.ts') ? MODULE_FROM_SOURCE : MODULE;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return files.map((file) => ({
    name: join(location, relative(folder, file)),
    specifier: pathToFileURL(file).href,
  }));
}

function toolsOf(name: string, module: object): FoundDefinition[] {
  return Object.entries(module)
    .filter(([, value]) => isDefinedTool(value))
    .map(([exported, definition]) => ({ source: `${name}#${exported}`, definition: definition as unknown }));
}

function unreadableSource(source: string, reason: string): UnreadableSource {
  return { source, problems: [{ pointer: '', message: `cannot be read: ${reason}` }] };
}
