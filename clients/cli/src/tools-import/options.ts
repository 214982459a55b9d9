import { parseArgs } from 'node:util';

import { defined, parseUrl } from '@action-mesh/kernel';
import { baseUrlProblem } from '@action-mesh/tools';

import type { AccessOptions } from '../access/find-access.js';
import { defaultGatewayUrl } from './help.js';
import { ImportUsageError } from './import.errors.js';
import { isUrl } from './shown-text.js';

/** The gateway that passes the tools to the catalog. */
export interface GatewayAddress {
  /** Without a final slash. */
  readonly url: string;
  readonly apiKey: string;
}

/** The parsed arguments of the import command. */
export interface ImportCommand {
  readonly kind: 'import';
  /** A path, or an http or https URL. */
  readonly source: string;
  readonly select: readonly string[];
  readonly toolkit?: string;
  readonly baseUrl?: string;
  /** Absent in a dry run. */
  readonly gateway?: GatewayAddress;
  /** Addresses beyond the public internet that the import may fetch from. */
  readonly egressAllow: readonly string[];
  readonly json: boolean;
}

/** Reads the arguments after the command's name, and the environment. Throws `ImportUsageError`. */
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
    ...defined({ toolkit, baseUrl }),
    ...(values['dry-run'] ? {} : { gateway: gatewayOf(environment) }),
    egressAllow: egressAllowOf(source, environment['EGRESS_ALLOW']),
    json: values.json,
  };
}

/**
 * Checks the words, and gives the mesh that `--profile` and `--url` choose; undefined for an import that needs none.
 * Throws `ImportUsageError`.
 */
export function importAccess(words: readonly string[]): AccessOptions | undefined {
  importCommand(['--dry-run', ...words], {});
  const { 'dry-run': isDry, help, profile, url } = parsedWords(words).values;
  return isDry || help ? undefined : { profile, url };
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
        profile: { type: 'string' },
        url: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ImportUsageError((error as Error).message, { cause: error });
  }
}

/** An empty variable counts as not set. Errors name a variable, never its value. */
function gatewayOf(environment: Readonly<Record<string, string | undefined>>): GatewayAddress {
  const { GATEWAY_URL: address = '', GATEWAY_API_KEY: key = '' } = environment;
  const url = parseUrl(address.trim() === '' ? defaultGatewayUrl : address);
  if (
    url === undefined ||
    !['http:', 'https:'].includes(url.protocol) ||
    [url.username, url.password, url.search, url.hash].some((part) => part !== '')
  ) {
    throw new ImportUsageError(
      'GATEWAY_URL must be an http or https URL without user info, query and fragment',
    );
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(key.trim())) {
    throw new ImportUsageError(
      'GATEWAY_API_KEY must be an API key with the scope tools:admin; npm start prints one, or add --dry-run',
    );
  }
  return { url: url.href.replace(/\/+$/, ''), apiKey: key.trim() };
}

/** The entries of `EGRESS_ALLOW`, and the document's host and port if it is on this machine. */
function egressAllowOf(source: string, text = ''): string[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const url = isUrl(source) ? parseUrl(source) : undefined;
  if (url === undefined || !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return entries;
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return [...entries, `${url.hostname}:${port}`];
}
