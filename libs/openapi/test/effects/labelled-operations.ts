import { readFileSync } from 'node:fs';

/** One operation of a vendor, the facts from its document, and the effect that a person assigned. */
export interface LabelledOperation {
  readonly vendor: string;
  readonly label: 'read' | 'idempotent' | 'opaque';
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly flags: readonly string[];
}

/** The whole sample in the order of its file. */
export function labelledOperations(): LabelledOperation[] {
  const text = readFileSync(new URL('labelled-operations.tsv', import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [vendor = '', label = '', method = '', path = '', id = '', summary = '', flags = ''] =
        line.split('\t');
      if (label !== 'read' && label !== 'idempotent' && label !== 'opaque')
        throw new Error(`"${label}" is no label: ${line}`);
      return {
        vendor,
        label,
        method,
        path,
        id,
        summary,
        flags: flags.split(' ').filter((flag) => flag !== ''),
      };
    });
}

/** A document with only this operation and every field of the sample. */
export function documentOf({ method, path, id, summary, flags }: LabelledOperation): Record<string, unknown> {
  const orders = flags.find((flag) => flag.startsWith('acts:'))?.slice('acts:'.length);
  const operation = {
    ...(id === '' ? {} : { operationId: id }),
    ...(summary === '' ? {} : { summary }),
    ...(orders === undefined
      ? {}
      : {
          requestBody: {
            content: {
              'application/json': {
                schema: { type: 'object', properties: { [orders]: { type: 'string' } } },
              },
            },
          },
        }),
    responses: { [flags.includes('201') ? '201' : '200']: { description: 'as asked' } },
  };
  return {
    openapi: '3.0.3',
    info: { title: 'Sample', version: '1' },
    servers: [{ url: 'https://api.sample.test' }],
    paths: {
      [path]: {
        ...(flags.includes('read-beside') ? { get: { responses: {} } } : {}),
        [method.toLowerCase()]: operation,
      },
    },
  };
}
