import { parseUrl } from '@action-mesh/kernel';
import { baseUrlProblem } from '@action-mesh/tools';

import { listAt, objectAt, textAt } from '../json-object.js';

const LONGEST_URL = 2_000;

/**
 * The first server of a document, a path or an operation that has an absolute address, with the defaults of its variables
 * filled in; relative addresses are taken from `documentUrl`, where the document was fetched. `undefined` when none is
 * usable.
 */
export function serverUrl(holder: unknown, documentUrl: string | undefined): string | undefined {
  for (const server of listAt(holder, 'servers')) {
    const url = absoluteUrl(server, documentUrl);
    if (url !== undefined) return url;
  }
  return undefined;
}

function absoluteUrl(server: unknown, documentUrl: string | undefined): string | undefined {
  const template = textAt(server, 'url');
  if (template === undefined || template.length > LONGEST_URL) return undefined;
  const variables = objectAt(server, 'variables');
  const text = template.replace(/\{([^{}]{1,100})\}/g, (whole, name: string) => {
    return textAt(objectAt(variables, name), 'default') ?? whole;
  });
  const url = text.includes('{') ? undefined : parseUrl(text, documentUrl)?.href.replace(/\/+$/, '');
  return url !== undefined && baseUrlProblem(url) === undefined ? url : undefined;
}
