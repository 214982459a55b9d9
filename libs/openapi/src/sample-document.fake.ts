import { importDocument, type ImportOptions } from './import-document.js';
import type { OperationReport } from './report.js';
import type { ImportResult } from './import-document.js';

/** The smallest document with one or more operations. */
export function sampleDocument(
  paths: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    openapi: '3.0.3',
    info: { title: 'Acme', version: '1' },
    servers: [{ url: 'https://api.acme.test/v1' }],
    paths,
    ...more,
  };
}

/** A document with one operation that takes this body. */
export function documentWithBody(
  schema: unknown,
  more: Readonly<Record<string, unknown>> = {},
  body: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const requestBody = { required: true, content: { 'application/json': { schema } }, ...body };
  return sampleDocument({ '/things': { post: { operationId: 'addThing', requestBody } } }, more);
}

/** Imports a document and returns its first operation too. */
export function importSample(
  source: string | object,
  options: ImportOptions = {},
): ImportResult & { readonly first: OperationReport } {
  const result = importDocument(source, { toolkit: 'acme', ...options });
  const [first] = result.report.operations;
  if (first === undefined) throw new Error('the document has no operation that is selected');
  return { ...result, first };
}
