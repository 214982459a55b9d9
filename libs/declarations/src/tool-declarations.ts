import { endlessAliases } from './endless-aliases.js';
import { docComment, propertyName } from './type-text.js';
import { TypeWriter } from './type-writer.js';

/** The part of a tool that its declaration needs. `GET /v1/tools` has it. */
export interface DeclaredTool {
  readonly slug: string;
  readonly version?: string;
  readonly title?: string;
  readonly description?: string;
  /** JSON Schema of the arguments. */
  readonly input: unknown;
  /** JSON Schema of the result. Without it, the result is `unknown`. */
  readonly output?: unknown;
}

/**
 * A TypeScript module that tells the SDK the arguments and results of tools. A program that includes the file gets
 * errors for wrong arguments of `mesh.tools.execute`. The same tools in any order give the same text.
 */
export function toolDeclarations(tools: readonly DeclaredTool[]): string {
  const named: string[] = [];
  const prefixes = new TypePrefixes();
  const members = [...tools]
    .sort((a, b) => (a.slug < b.slug ? -1 : 1))
    .map((tool) => {
      const types = new SchemaTypes(tool.slug, prefixes.next(tool.slug), named);
      const input = types.write(tool.input, 'Input');
      const output = tool.output === undefined ? 'unknown' : types.write(tool.output, 'Output');
      const comment = docComment([tool.title, tool.description].filter(Boolean).join('\n'), '    ');
      return `${comment}    ${propertyName(tool.slug)}: {\n      input: ${input};\n      output: ${output};\n    };\n`;
    });
  return `// Made by \`mesh tools types\` from the tools of a mesh. Make it again after a change of the tools.
import '@action-mesh/sdk';

${named.join('')}declare module '@action-mesh/sdk' {
  interface ToolTypes {
${members.join('')}  }
}

export {};
`;
}

/** Writes the schemas of one tool. Each part that a schema refers to becomes a named type, so that it may repeat. */
class SchemaTypes {
  readonly #slug: string;
  readonly #prefix: string;
  readonly #named: string[];

  constructor(slug: string, prefix: string, named: string[]) {
    this.#slug = slug;
    this.#prefix = prefix;
    this.#named = named;
  }

  write(schema: unknown, part: 'Input' | 'Output'): string {
    const names = new Map<string, string>();
    const waiting: string[] = [];
    const writer = new TypeWriter((reference) => {
      const known = names.get(reference);
      if (known !== undefined) return known;
      if (resolve(schema, reference) === undefined) return undefined;
      const name = `${this.#prefix}${part}${names.size + 1}`;
      names.set(reference, name);
      waiting.push(reference);
      return name;
    });
    const text = writer.write(schema, '      ');
    const types = new Map<string, string>();
    for (let reference = waiting.shift(); reference !== undefined; reference = waiting.shift()) {
      types.set(names.get(reference) ?? '', writer.write(resolve(schema, reference), ''));
    }
    const endless = endlessAliases(types);
    for (const [reference, name] of names) {
      const type = endless.has(name) ? 'unknown' : (types.get(name) ?? 'unknown');
      this.#named.push(
        `/** \`${comment(reference)}\` of ${this.#slug}. */\nexport type ${name} = ${type};\n\n`,
      );
    }
    return text;
  }
}

/** Gives each tool of a module another beginning of its type names: `notes2` and `notes_2` look alike in Pascal case. */
class TypePrefixes {
  readonly #uses = new Map<string, number>();

  next(slug: string): string {
    const prefix = pascal(slug);
    const use = (this.#uses.get(prefix) ?? 0) + 1;
    this.#uses.set(prefix, use);
    // No name in Pascal case has an underscore, so a number behind one cannot collide.
    return use === 1 ? prefix : `${prefix}_${use}`;
  }
}

/** The schema at a local JSON pointer (RFC 6901), or undefined. */
function resolve(root: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  let found: unknown = root;
  for (const part of reference.split('/').slice(1)) {
    const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function pascal(slug: string): string {
  const name = slug
    .split(/[^A-Za-z0-9]+/)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
  return /^\d/.test(name) ? `T${name}` : name;
}

function comment(text: string): string {
  return text.replaceAll('*/', '*\\/').replace(/[\r\n\u2028\u2029`]/g, ' ');
}
