import { parseArgs } from 'node:util';

export const importHelp = `npm run import -- <file or URL> [--select GLOB]… [--toolkit SLUG] [--base-url URL] [--dry-run] [--json]

Makes tools out of an OpenAPI 3.0 or 3.1 or a Swagger 2.0 document, JSON or YAML, and says of each operation what became of it.

  --select GLOB    only operations that match: 'tag:issues', 'path:/repos/**', 'op:issues/*', or a glob of operation ids;
                   may be given several times, and one match is enough
  --toolkit SLUG   what the tools are named and dated under (default: a name out of the title of the document)
  --base-url URL   where the API is (default: the first absolute server of the document)
  --dry-run        only say what would come of it; needs no other service and writes nothing
  --json           print one JSON object: the report, in a dry run the tools, else what the catalog made of them; progress
                   goes to standard error in any case
  --help           show this

Without --dry-run the tools go to the catalog at CATALOG_URL (default http://127.0.0.1:8081), which gives what changed a new
version and the toolkit a date.

A URL is fetched under the same guard as all requests of the mesh: public addresses, https. What the document refers to
is never fetched.

Exit codes: 0 done, whatever was quarantined; 1 nothing came of it (the document cannot be read, or no operation became a
tool, or the catalog did not take them); 2 wrong usage, 130 interrupted.`;

/** What the command was asked to do. */
export interface ImportCommand {
  readonly kind: 'import';
  /** A path, or an http or https URL. */
  readonly source: string;
  readonly select: readonly string[];
  readonly toolkit?: string;
  readonly baseUrl?: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Reads the words after the command's name. Throws an `Error` that says what is wrong with them. */
export function importCommand(words: readonly string[]): ImportCommand | { readonly kind: 'help' } {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      select: { type: 'string', multiple: true, default: [] },
      toolkit: { type: 'string' },
      'base-url': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { kind: 'help' };
  const [source, ...others] = positionals;
  if (source === undefined || source === '' || others.length > 0) {
    throw new Error('name one document: a file, or an http or https URL');
  }
  return {
    kind: 'import',
    source,
    select: values.select,
    ...(values.toolkit === undefined ? {} : { toolkit: values.toolkit }),
    ...(values['base-url'] === undefined ? {} : { baseUrl: values['base-url'] }),
    dryRun: values['dry-run'],
    json: values.json,
  };
}
