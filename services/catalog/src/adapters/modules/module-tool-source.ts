import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
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
const JAVASCRIPT = /(?<!\.test)\.m?js$/;
const TYPESCRIPT = /(?<!\.test|\.d)\.m?ts$/;
const UNCOMPILED = 'it is TypeScript: compile it, and name the folder of the result';

/** How modules are read. */
export interface ModuleToolSourceOptions {
  /** @default 10 s */
  readonly evaluationTimeoutMs?: number;
  /**
   * Whether modules may be TypeScript.
   * @default whether this very file runs as TypeScript
   */
  readonly typeScript?: boolean;
}

/**
 * Tools in JavaScript modules: every exported value that `defineTool` made. A location is a folder (a path
 * that is absolute or begins with a dot), whose modules are found at any depth, installed packages left out, or the name of
 * an installed package. A module is evaluated once per process, so changes are seen by the next start.
 */
export class ModuleToolSource implements ToolSource {
  readonly #locations: readonly string[];
  readonly #timeoutMs: number;
  readonly #typeScript: boolean;

  constructor(locations: readonly string[], options: ModuleToolSourceOptions = {}) {
    this.#locations = locations;
    this.#timeoutMs = options.evaluationTimeoutMs ?? EVALUATION_TIMEOUT_MS;
    this.#typeScript = options.typeScript ?? import.meta.url.endsWith('.ts');
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
      const { modules, uncompiled } = isPath(location)
        ? await modulesIn(location, this.#typeScript)
        : { modules: [{ name: location, specifier: location }], uncompiled: [] };
      for (const { name, specifier } of modules) {
        try {
          definitions.push(...toolsOf(name, await this.#evaluate(specifier)));
        } catch (error) {
          unreadable.push(unreadableSource(name, `${errorMessage(error)}${await pathMeantBy(location)}`));
        }
      }
      for (const name of uncompiled) unreadable.push(unreadableSource(name, UNCOMPILED));
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

interface Modules {
  readonly modules: readonly Module[];
  /** TypeScript that nobody compiled, by name. */
  readonly uncompiled: readonly string[];
}

function isPath(location: string): boolean {
  return isAbsolute(location) || location.startsWith('.');
}

async function modulesIn(location: string, typeScript: boolean): Promise<Modules> {
  const folder = resolve(location);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(sep).includes('node_modules'))
    .sort();
  const all = new Set(files);
  const isUncompiled = (file: string): boolean =>
    !typeScript && TYPESCRIPT.test(file) && !all.has(file.replace(/ts$/, 'js'));
  const isModule = (file: string): boolean => JAVASCRIPT.test(file) || (typeScript && TYPESCRIPT.test(file));
  const nameOf = (file: string): string => join(location, file);
  return {
    modules: files
      .filter(isModule)
      .map((file) => ({ name: nameOf(file), specifier: pathToFileURL(join(folder, file)).href })),
    uncompiled: files.filter(isUncompiled).map(nameOf),
  };
}

/** Without a dot before it, a folder is taken for a package. */
async function pathMeantBy(location: string): Promise<string> {
  if (isPath(location)) return '';
  const isFolder = await stat(location).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? `; did you mean ./${location}?` : '';
}

function toolsOf(name: string, module: object): FoundDefinition[] {
  return Object.entries(module)
    .filter(([, value]) => isDefinedTool(value))
    .map(([exported, definition]) => ({ source: `${name}#${exported}`, definition: definition as unknown }));
}

function unreadableSource(source: string, reason: string): UnreadableSource {
  return { source, problems: [{ pointer: '', message: `cannot be read: ${reason}` }] };
}
