import { isLibraryObject, loadInternal } from './kafkajs-internals.js';

interface Lookup {
  readonly requests: Readonly<Record<string, unknown>>;
  readonly lookup: (versions: object) => (apiKey: number, definition: object) => unknown;
}

/**
 * Whether a connection finds a kind of request in this module and reads its member `protocol` again for each request.
 * Only then does a replaced `protocol` reach open connections.
 */
export function isLookedUp(library: object, name: string): boolean {
  const { requests, lookup } = loadInternal('protocol/requests/index.js') as Lookup;
  if (requests[name] !== library) return false;
  const definition = { versions: ['1'], protocol: (): string => 'first' };
  const find = lookup({ 0: { minVersion: 0, maxVersion: 1 } });
  const first = find(0, definition);
  definition.protocol = () => 'second';
  return first === 'first' && find(0, definition) === 'second';
}

/** The newest version of one kind of request that the library speaks. */
export function newestVersion(library: unknown): number {
  const versions = isLibraryObject(library) ? library['versions'] : undefined;
  return Array.isArray(versions) ? Math.max(...versions.map(Number)) : Number.NaN;
}
