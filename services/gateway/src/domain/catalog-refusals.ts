import type { RequestProblem } from '@action-mesh/admission';

import { RequestRefusedError, ToolkitChangedError, type RefusalCode } from './gateway.errors.js';

/** Why the catalog does not do what it was asked to, in its own words. */
export interface CatalogRefusal {
  readonly code?: string | undefined;
  readonly message: string;
  readonly problems?: readonly RequestProblem[] | undefined;
}

type CatalogCode = Extract<
  RefusalCode,
  'catalog_refused' | 'invalid_catalog_request' | 'not_in_catalog' | 'tool_name_taken'
>;

/** What to do instead of what the catalog refuses. */
const fixes: Readonly<Record<CatalogCode, string>> = {
  catalog_refused: 'Look at how the toolkit stands with GET /v1/toolkits/{toolkit} and …/overrides.',
  invalid_catalog_request: 'Correct the places that "errors" names.',
  not_in_catalog: 'Look for the names in GET /v1/toolkits.',
  tool_name_taken: 'Choose another name; GET /v1/tools says which there are.',
};

/** The catalog's refusal, as callers see it; where the catalog has a code that is not known here, its status decides. */
export function catalogRefused(
  status: number,
  { code, message, problems = [] }: CatalogRefusal,
): RequestRefusedError | ToolkitChangedError {
  if (code === 'CATALOG_TOOLKIT_CHANGED') return new ToolkitChangedError(message);
  const refusal: CatalogCode =
    code === 'CATALOG_NAME_TAKEN'
      ? 'tool_name_taken'
      : status === 404
        ? 'not_in_catalog'
        : status === 409
          ? 'catalog_refused'
          : 'invalid_catalog_request';
  return new RequestRefusedError(refusal, message, fixes[refusal], problems);
}

/** For a name in the address that nothing in the catalog can have. */
export function notInCatalog(what: string): RequestRefusedError {
  const message = `The ${what} in the address has not the form of one.`;
  return new RequestRefusedError('not_in_catalog', message, fixes.not_in_catalog);
}
