import { createHash } from 'node:crypto';

import type { JsonSchema } from '@action-mesh/tools';

import { Findings } from '../finding.js';

/** The most schemas in one input or output, including everything that it refers to. */
export const mostSchemas = 5_000;

/**
 * The result of converting one piece of a document: the definitions that it uses, the findings, and the number of its
 * schemas.
 */
export class Conversion {
  readonly uses = new Set<Definition>();
  readonly findings = new Findings();
  schemas = 0;
  /** How many restrictions were left out. */
  losses = 0;
}

/** The keywords of surrounding schemas that apply to the same value. */
export interface Surroundings {
  /** Members that this schema must not require here, because a surrounding schema hides them. */
  readonly unrequired: ReadonlySet<string>;
  /** Whether this schema must be open here, because a surrounding schema lists the members of all parts. */
  readonly isOpened: boolean;
}

/** The surroundings of a schema that applies to a value alone. */
export const alone: Surroundings = { unrequired: new Set(), isOpened: false };

/** A schema that others refer to by name. */
export interface Definition {
  readonly name: string;
  /** Its place in the document. */
  readonly pointer: string;
  readonly source: unknown;
  readonly around: Surroundings;
  /** Absent until an operation needs it. */
  converted?: { readonly schema: JsonSchema | boolean; readonly conversion: Conversion };
}

const plainName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

/**
 * Gives each definition a unique name. A schema under `components/schemas` keeps its name there, and every other one
 * gets a name from its pointer.
 */
export class DefinitionNames {
  readonly #definitions = new Map<string, Definition>();
  readonly #taken = new Set<string>();

  at(pointer: string, source: unknown, around: Surroundings): Definition {
    const key = [pointer, ...[...around.unrequired].sort(), ...(around.isOpened ? ['', ''] : [])].join('\n');
    const known = this.#definitions.get(key);
    if (known !== undefined) return known;
    const definition: Definition = { name: this.#nameFor(pointer, key), pointer, source, around };
    this.#definitions.set(key, definition);
    return definition;
  }

  #nameFor(pointer: string, key: string): string {
    const component = /^\/components\/schemas\/([^/]+)$/.exec(pointer)?.[1];
    const hash = createHash('sha256').update(key).digest('hex');
    let name =
      key === pointer && component !== undefined && plainName.test(component)
        ? component
        : `${lastWords(pointer)}_${hash.slice(0, 10)}`;
    if (this.#taken.has(name)) name = `${name.slice(0, 30)}_${hash}`;
    this.#taken.add(name);
    return name;
  }
}

function lastWords(pointer: string): string {
  const words = pointer
    .slice(-200)
    .split('/')
    .slice(-2)
    .join('_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  return words === '' ? 'schema' : words.slice(-50);
}
