import type { JsonValue } from '@action-mesh/kernel';

import { objectOf, unwritten, type Expr } from '../model/expression.js';
import type { NodeLedger } from '../model/node-record.js';
import { field, elementsOf, plainTextOf } from '../read/fields.js';
import { carriedHeaders, withMediaType } from '../tools/carried-headers.js';
import { urlParts, type HttpCall } from '../tools/http-match.js';
import { jsonBody } from '../tools/json-body.js';
import type { MakeModule } from './make-module.js';

const modules = new Set([
  'http:ActionSendData',
  'http:ActionSendDataBasicAuth',
  'http:ActionSendDataAPIKeyAuth',
  'http:MakeRequest',
  'http:ActionGetFile',
]);

export const isHttpModule = (module: string): boolean => modules.has(module);

/** The request of an HTTP module. */
export function makeHttpCall(
  module: MakeModule,
  value: (json: JsonValue | undefined) => Expr,
  ledger: NodeLedger,
): HttpCall {
  const { mapper, key } = module;
  if (module.module === 'http:ActionGetFile') ledger.check(key, 'binary');
  const pairs = (list: JsonValue | undefined) =>
    new Map(
      elementsOf(list).map(
        (pair) =>
          [
            plainTextOf(field(pair, 'name') ?? field(pair, 'key')) ?? '',
            value(field(pair, 'value')),
          ] as const,
      ),
    );
  const body = bodyOf(module, value, ledger);
  const given = pairs(mapper['headers']);
  const bodyType = plainTextOf(mapper['bodyType']);
  const mediaType =
    bodyType === undefined || bodyType === 'raw' ? plainTextOf(mapper['contentType']) : bodyType;
  const typed = body === undefined ? given : withMediaType(given, mediaType);
  const headers = carriedHeaders(typed, () =>
    ledger.check(key, 'secret-inline', 'a header with a credential: make a connection'),
  );
  const method = (plainTextOf(mapper['method']) ?? 'get').toUpperCase();
  const isMethod = /^[A-Z]{3,7}$/.test(method);
  if (!isMethod) ledger.manual(key, 'a request with a computed method');
  const url = plainTextOf(mapper['url']);
  if (url === undefined || url === '') ledger.manual(key, 'a request without an address');
  return {
    method: isMethod ? method : 'POST',
    url: url === undefined || url === '' ? [unwritten('the address of the request')] : urlParts(value(url)),
    query: pairs(mapper['qs']),
    headers,
    body,
  };
}

function bodyOf(
  module: MakeModule,
  value: (json: JsonValue | undefined) => Expr,
  ledger: NodeLedger,
): Expr | undefined {
  const { mapper } = module;
  const data = mapper['data'] ?? mapper['jsonStringBodyContent'];
  if (plainTextOf(mapper['method'])?.toLowerCase() === 'get') return undefined;
  if (elementsOf(mapper['formDataFields']).length > 0) {
    const fields = elementsOf(mapper['formDataFields']);
    if (fields.some((one) => field(one, 'fieldType') === 'file')) ledger.check(module.key, 'binary');
    return objectOf(
      fields.map((one) => [plainTextOf(field(one, 'key')) ?? '', value(field(one, 'value'))] as const),
    );
  }
  return data === undefined || data === '' || data === null ? undefined : jsonBody(value(data));
}
