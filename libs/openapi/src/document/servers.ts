import { parseUrl } from '@action-mesh/kernel';
import { baseUrlProblem } from '@action-mesh/tools';

import { listAt, objectAt, textAt } from '../json-object.js';

const LONGEST_URL = 2_000;

/**
 * The server of a document, a path or an operation: the first usable one with https, else the first usable one. The variables
 * of an address have their defaults; relative addresses are taken from `from`. `undefined` when none is usable.
 */
export function serverUrl(holder: unknown, from: string | undefined): string | undefined {
  const urls = listAt(holder, 'servers').flatMap((server) => absoluteUrl(server, from) ?? []);
  return urls.find((url) => url.startsWith('https:')) ?? urls[0];
}

function absoluteUrl(server: unknown, from: string | undefined): string | undefined {
  const template = textAt(server, 'url');
  if (template === undefined || template.length > LONGEST_URL) return undefined;
  const variables = objectAt(server, 'variables');
  const text = template.replace(/\{([^{}]{1,100})\}/g, (whole, name: string) => {
    return textAt(objectAt(variables, name), 'default') ?? whole;
  });
  // A host without a scheme is reached as the document was, and safely where nobody knows how.
  const whole = text.startsWith('//') && from === undefined ? `https:${text}` : text;
  const url = whole.includes('{') ? undefined : parseUrl(whole, from)?.href.replace(/\/+$/, '');
  return url !== undefined && baseUrlProblem(url) === undefined ? url : undefined;
}
