/**
 * Resolves the imports of tool modules. A folder of tools needs no `node_modules`: where it has no `@action-mesh/tools`
 * or `zod` of its own, it gets the catalog's.
 */

interface Resolved {
  readonly url: string;
  readonly format?: string | null;
}

interface ResolveContext {
  readonly parentURL?: string;
}

type Resolve = (specifier: string, context: ResolveContext) => Promise<Resolved>;

const given = /^(@action-mesh\/tools|zod)(\/|$)/;
let catalogUrl = '';

export function initialize(data: { readonly catalogUrl: string }): void {
  catalogUrl = data.catalogUrl;
}

export async function resolve(specifier: string, context: ResolveContext, next: Resolve): Promise<Resolved> {
  const found = await next(specifier, context).catch((error: unknown) => {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing || !given.test(specifier)) throw error;
    return next(specifier, { ...context, parentURL: catalogUrl });
  });
  // A folder without a package.json holds ES modules all the same.
  const isOwnFile = found.url.startsWith('file:') && !found.url.includes('/node_modules/');
  return isOwnFile && found.format === 'commonjs' && /\.[jt]s(\?|$)/.test(found.url)
    ? { ...found, format: 'module' }
    : found;
}
