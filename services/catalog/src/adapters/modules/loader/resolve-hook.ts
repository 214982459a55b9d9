/**
 * Resolves the imports of tool modules. A folder of tools needs no `node_modules`. If it has no `@action-mesh/tools` or
 * `zod` of its own, it gets the catalog's.
 */

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
}

interface ResolveContext {
  readonly parentURL?: string;
}

type Resolve<Result> = (specifier: string, context: ResolveContext) => Result;

const given = /^(@action-mesh\/tools|zod)(\/|$)/;
const missing = new Set<string | undefined>(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);
let catalogUrl = '';

export function initialize(data: { readonly catalogUrl: string }): void {
  catalogUrl = data.catalogUrl;
}

/** For the hooks of Node.js 20, which run in a separate thread. */
export async function resolve(
  specifier: string,
  context: ResolveContext,
  next: Resolve<Promise<Resolved>>,
): Promise<Resolved> {
  const found = await next(specifier, context).catch((error: unknown) => {
    if (!isGiven(specifier, error)) throw error;
    return next(specifier, { ...context, parentURL: catalogUrl });
  });
  return asModule(found);
}

/** For the hooks of later versions. They run in the importing thread and see `require` too. */
export function resolveAtOnce(specifier: string, context: ResolveContext, next: Resolve<Resolved>): Resolved {
  try {
    return asModule(next(specifier, context));
  } catch (error) {
    if (!isGiven(specifier, error)) throw error;
    return asModule(next(specifier, { ...context, parentURL: catalogUrl }));
  }
}

function isGiven(specifier: string, error: unknown): boolean {
  return missing.has((error as NodeJS.ErrnoException).code) && given.test(specifier);
}

/** Treats a file in a folder without a package.json as an ES module. */
function asModule(found: Resolved): Resolved {
  const isOwnFile = found.url.startsWith('file:') && !found.url.includes('/node_modules/');
  return isOwnFile && found.format === 'commonjs' && /\.[jt]s(\?|$)/.test(found.url)
    ? { ...found, format: 'module' }
    : found;
}
