import { createHash } from 'node:crypto';

import type { JsonSchema } from '@action-mesh/tools';

import { Findings } from '../finding.js';

/** In one input or output with everything that it refers to. */
export const MOST_SCHEMAS = 5_000;

/** What came out of one piece of a document: what it uses, what was found in it, and how many schemas it is. */
export class Conversion {
  readonly uses = new Set<Definition>();
  readonly findings = new Findings();
  schemas = 0;
  /** How often something was left out that ruled values out. */
  losses = 0;
}

/** The keywords of surrounding schemas that apply to the same value. */
export interface Surroundings {
  /** Members that it does not require here, although it says so: a schema that it is part of does not know them. */
  readonly unrequired: ReadonlySet<string>;
  /** Whether it is open here, although it says otherwise: a schema that it is part of lists the members of all parts. */
  readonly isOpened: boolean;
}

/** Of a schema that judges a value alone. */
export const ALONE: Surroundings = { unrequired: new Set(), isOpened: false };

/** A schema that others refer to by name. */
export interface Definition {
  readonly name: string;
  /** Where it stands in the document. */
  readonly pointer: string;
  readonly source: unknown;
  readonly around: Surroundings;
  /** Absent until somebody needs it. */
  converted?: { readonly schema: JsonSchema | boolean; readonly conversion: Conversion };
}

const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

/**
 * The names of definitions, each one's own: what stands under `components/schemas` keeps the name it has there, and every
 * other place gets one from its pointer.
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
      key === pointer && component !== undefined && PLAIN_NAME.test(component)
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
