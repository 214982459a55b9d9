import { parseUrl } from '@action-mesh/kernel';
import { baseUrlProblem } from '@action-mesh/tools';

import { listAt, objectAt, stringAt } from '../json-object.js';

const longestUrl = 2_000;

const trial =
  /^(?:demo|dev|development|mock|preprod|qa|sandbox|sbx|stage|staging|stg|test|testing|uat)\d{0,3}$/i;

/**
 * The server of a document, a path or an operation: the first usable one. An https address goes before http, and a
 * production server before a sandbox. Variables take their defaults, and relative addresses are resolved against
 * `from`. `undefined` if no server is usable.
 */
export function serverUrl(holder: unknown, from: string | undefined): string | undefined {
  const servers = listAt(holder, 'servers').flatMap((server) => {
    const url = absoluteUrl(server, from);
    return url === undefined ? [] : [{ url, isTrial: isTrialUrl(url) || isTrialText(server) }];
  });
  const isSafe = ({ url }: { readonly url: string }): boolean => url.startsWith('https:');
  const chosen =
    servers.find((server) => isSafe(server) && !server.isTrial) ?? servers.find(isSafe) ?? servers[0];
  return chosen?.url;
}

/**
 * Whether an address is a sandbox: `https://sandbox.acme.com`, `https://api-test.acme.com`,
 * `https://acme.com/sandbox`.
 */
export function isTrialUrl(url: string): boolean {
  const { hostname = '', pathname = '' } = parseUrl(url) ?? {};
  // The registered domain is a name and never a sign of a sandbox: `https://dev.to`, `https://api.acme.test`.
  const labels = hostname.split('.').slice(0, -2);
  return [...labels, ...pathname.split('/')].some((part) =>
    part.split(/[-_]/).some((word) => trial.test(word)),
  );
}

function isTrialText(server: unknown): boolean {
  const words = (stringAt(server, 'description') ?? '').slice(0, 200).match(/[a-z]+/gi) ?? [];
  return (
    words.some((word) => trial.test(word)) && !words.some((word) => /^(?:live|prod|production)$/i.test(word))
  );
}

function absoluteUrl(server: unknown, from: string | undefined): string | undefined {
  const template = stringAt(server, 'url');
  if (template === undefined || template.length > longestUrl) return undefined;
  const variables = objectAt(server, 'variables');
  const text = template.replace(/\{([^{}]{1,100})\}/g, (whole, name: string) => {
    return stringAt(objectAt(variables, name), 'default') ?? whole;
  });
  // A host without a scheme takes the document's scheme, or https if that is unknown.
  const whole = text.startsWith('//') && from === undefined ? `https:${text}` : text;
  const url = whole.includes('{') ? undefined : parseUrl(whole, from)?.href.replace(/\/+$/, '');
  return url !== undefined && baseUrlProblem(url) === undefined ? url : undefined;
}
