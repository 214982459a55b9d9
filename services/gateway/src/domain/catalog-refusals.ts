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

/** What a request looks for in the catalog. */
export interface Sought {
  /** In the words of addresses. */
  readonly what: 'toolkit' | 'version' | 'slug' | 'revision';
  /** The toolkit in the address; a toolkit has no other. */
  readonly toolkit: string;
}

/** Where the names are that can be looked for. Of what is in a toolkit, the toolkit may be what there is not. */
function whereNamesAre({ what, toolkit }: Sought): string {
  switch (what) {
    case 'toolkit':
      return 'GET /v1/toolkits has the toolkits.';
    case 'version':
      return `GET /v1/toolkits/${toolkit} has the dates of the toolkit, and GET /v1/toolkits the toolkits.`;
    case 'slug':
      return `GET /v1/tools?toolkit=${toolkit} has the tools of the toolkit, and GET /v1/toolkits the toolkits.`;
    case 'revision':
      return `GET /v1/toolkits/${toolkit}/overrides has the overrides of the toolkit with their numbers.`;
  }
}

/** What to do instead of what the catalog refuses, where that does not depend on what was looked for. */
const fixes: Readonly<Record<Exclude<CatalogCode, 'not_in_catalog'>, string>> = {
  catalog_refused: 'Look at how the toolkit stands with GET /v1/toolkits/{toolkit} and …/overrides.',
  invalid_catalog_request: 'Correct the places that "errors" names.',
  tool_name_taken: 'Choose another name; GET /v1/tools says which there are.',
};

/** The catalog's refusal, as callers see it; where the catalog has a code that is not known here, its status decides. */
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

/** For a name in the address that nothing in the catalog can have. */
export function notInCatalog(sought: Sought): RequestRefusedError {
  const message = `The ${sought.what} in the address has not the form of one.`;
  return new RequestRefusedError('not_in_catalog', message, whereNamesAre(sought));
}
