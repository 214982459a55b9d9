import { parseArgs } from 'node:util';

import { parseUrl } from '@action-mesh/kernel';
import { baseUrlProblem } from '@action-mesh/tools';

import { isUrl } from './document-source.js';
import { ImportUsageError } from './import.errors.js';

const DEFAULT_CATALOG_URL = 'http://127.0.0.1:8081';

export const importHelp = `npm run import -- <file or URL> [--select GLOB]… [--toolkit SLUG] [--base-url URL] [--dry-run] [--json]

Makes tools out of an OpenAPI 3.0 or 3.1 or a Swagger 2.0 document, JSON or YAML, and says of each operation what became of it.
To try it, in the folder of this repository:

  npm run import -- node_modules/@octokit/openapi/generated/api.github.com.json --select 'tag:issues' --dry-run

  --select GLOB    only operations that match: 'tag:issues', 'path:/repos/**', 'op:issues/*', or a glob of operation ids;
                   may be given several times, and one match is enough. An import replaces what its toolkit held: repeat
                   the former --select with a further one, or give the further tools another --toolkit
  --toolkit SLUG   what the tools are named and dated under (default: a name out of the title of the document)
  --base-url URL   where the API is (default: the first absolute server of the document)
  --dry-run        only say what would come of it; needs no other service and writes nothing
  --json           print one JSON object: in a dry run the report and the tools, else the report and what the catalog made
                   of the tools; progress goes to standard error. To pipe it: npm run -s import -- …, since npm without -s
                   prints lines of its own to standard output
  --help           show this

Without --dry-run the tools go to the catalog at CATALOG_URL (default ${DEFAULT_CATALOG_URL}), which gives what changed a new
version and the toolkit a date. npm start gives its catalog a free port and prints the CATALOG_URL to use.

A URL is fetched under the same guard as all requests of the mesh: public addresses, https. What the document refers to
is never fetched. User info, query and fragment of a URL are neither shown nor recorded.

Exit codes: 0 done, whatever was quarantined; 1 it failed (the document cannot be read, no operation became a tool, the
catalog did not take them, or the report cannot be written); 2 wrong usage; 130 interrupted.`;

/** What the command was asked to do. */
export interface ImportCommand {
  readonly kind: 'import';
  /** A path, or an http or https URL. */
  readonly source: string;
  readonly select: readonly string[];
  readonly toolkit?: string;
  readonly baseUrl?: string;
  /** Where the tools go, without a slash at its end; absent in a dry run. */
  readonly catalogUrl?: string;
  readonly json: boolean;
}

/** Reads the words after the command's name, and the environment. Throws `ImportUsageError`. */
export function importCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ImportCommand | { readonly kind: 'help' } {
  const { values, positionals } = parsedWords(words);
  if (values.help) return { kind: 'help' };
  const [source, ...others] = positionals;
  if (source === undefined || source === '' || others.length > 0) {
    throw new ImportUsageError('name one document: a file, or an http or https URL');
  }
  if (isUrl(source) && parseUrl(source) === undefined) {
    throw new ImportUsageError('the address of the document is no URL');
  }
  const { toolkit, 'base-url': baseUrl } = values;
  const problem = baseUrl === undefined ? undefined : baseUrlProblem(baseUrl);
  if (problem !== undefined) throw new ImportUsageError(`--base-url ${problem}`);
  return {
    kind: 'import',
    source,
    select: values.select,
    ...(toolkit === undefined ? {} : { toolkit }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(values['dry-run'] ? {} : { catalogUrl: catalogUrlOf(environment['CATALOG_URL']) }),
    json: values.json,
  };
}

function parsedWords(words: readonly string[]) {
  try {
    return parseArgs({
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
  } catch (error) {
    throw new ImportUsageError((error as Error).message, { cause: error });
  }
}

/** A variable that is set to nothing counts as not set. */
function catalogUrlOf(text = ''): string {
  const url = parseUrl(text.trim() === '' ? DEFAULT_CATALOG_URL : text);
  if (
    url === undefined ||
    !['http:', 'https:'].includes(url.protocol) ||
    [url.username, url.password, url.search, url.hash].some((part) => part !== '')
  ) {
    throw new ImportUsageError(
      'CATALOG_URL must be an http or https URL without user info, query and fragment',
    );
  }
  return url.href.replace(/\/+$/, '');
}
