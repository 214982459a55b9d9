import type { RequestProblem } from '@action-mesh/admission';

import { RequestRefusedError, ToolkitChangedError, type RefusalCode } from './gateway.errors.js';

/** The catalog's reason for a refusal, in its own words. */
export interface CatalogRefusal {
  readonly code?: string | undefined;
  readonly message: string;
  readonly problems?: readonly RequestProblem[] | undefined;
}

type CatalogCode = Extract<
  RefusalCode,
  'catalog_refused' | 'invalid_catalog_request' | 'not_in_catalog' | 'tool_name_taken'
>;

/** The name that a request looks for in the catalog. */
export interface Sought {
  /** The kind of the name, in the words of addresses. */
  readonly what: 'toolkit' | 'version' | 'slug' | 'revision';
  /** The toolkit in the address. For the kind `toolkit` it is the name itself. */
  readonly toolkit: string;
}

/** Names the routes that list the known names. A version, slug or revision may be missing because its toolkit is. */
function whereNamesAre({ what, toolkit }: Sought): string {
  switch (what) {
    case 'toolkit':
      return 'GET /v1/toolkits lists the toolkits.';
    case 'version':
      return `GET /v1/toolkits/${toolkit} lists the dates of the toolkit, and GET /v1/toolkits the toolkits.`;
    case 'slug':
      return `GET /v1/tools?toolkit=${toolkit} lists the tools of the toolkit, and GET /v1/toolkits the toolkits.`;
    case 'revision':
      return `GET /v1/toolkits/${toolkit}/overrides lists the overrides of the toolkit with their numbers.`;
  }
}

/** The fix for each refusal that does not depend on the name in the request. */
const fixes: Readonly<Record<Exclude<CatalogCode, 'not_in_catalog'>, string>> = {
  catalog_refused: 'Look at the state of the toolkit with GET /v1/toolkits/{toolkit} and …/overrides.',
  invalid_catalog_request: 'Correct the places that "errors" names.',
  tool_name_taken: 'Choose another name. GET /v1/tools lists the names in use.',
};

/** The catalog's refusal as an error for callers. The status decides when the code is unknown here. */
export function catalogRefused(
  status: number,
  { code, message, problems = [] }: CatalogRefusal,
  sought: Sought,
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
  const fix = refusal === 'not_in_catalog' ? whereNamesAre(sought) : fixes[refusal];
  return new RequestRefusedError(refusal, message, fix, { problems });
}

/** The refusal of a name in the address that no entry of the catalog can have. */
export function notInCatalog(sought: Sought): RequestRefusedError {
  const message = `The ${sought.what} in the address does not have the form of one.`;
  return new RequestRefusedError('not_in_catalog', message, whereNamesAre(sought));
}
