import type { Tool } from '@action-mesh/contracts/catalog';

/** The most characters of a query that are read. */
const longestQuery = 8_000;

/**
 * The arguments of a tool in the query of a link, by their names. Other parameters are left out: they may be credentials.
 * So are lists and objects. Undefined when the query has no argument.
 */
export function linkedArguments(
  { http }: Pick<Tool, 'http'>,
  query: string,
): Readonly<Record<string, string>> | undefined {
  if (query.length > longestQuery) return undefined;
  const given = new URLSearchParams(query);
  const found = http.parameters.flatMap(({ argument, in: place, name, style }) => {
    const values = place === 'query' && style === undefined ? given.getAll(name) : [];
    return values.length === 1 ? values.map((value) => [argument, value] as const) : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
