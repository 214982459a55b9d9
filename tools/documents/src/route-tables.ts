import { roleNames, roleScopes, scopeNames } from '@action-mesh/contracts/auth-broker';
import { routes, type Route } from '@action-mesh/contracts/gateway';

import { codeText, markdownTable } from './markdown-table.js';

/** The routes of the gateway with their scopes, and the scopes of each role; a page of Markdown. */
export function routeTables(): string {
  const all = Object.values<Route>(routes);
  const lines = [
    '# Routes',
    '',
    'Generated from the table of routes of `libs/contracts` by `npm run generate`; do not edit. The router, the check of each',
    'request and its tests are made from the same table, so the gateway has no other route.',
    '',
    ...markdownTable(
      ['route', 'does', 'scope', 'reaches', 'largest body'],
      all.map((route) => [
        codeText(`${route.method} ${route.path.replace(/:([a-zA-Z]+)/g, '{$1}')}`),
        route.summary,
        route.scope === 'open' ? 'none: open to everybody' : codeText(route.scope),
        reaches(route),
        route.bodyLimitBytes === undefined ? 'none' : size(route.bodyLimitBytes),
      ]),
    ),
    '',
    '- `caller`: the data of the tenant of the key. A key that is bound to users or has a list of tools reaches only those.',
    '- `tenant`: the data of the tenant of the key. Closed to a key that is bound to users or has a list of tools.',
    '- `mesh`: data that all tenants share. Closed to a key that is bound to users or has a list of tools.',
    '',
    'Names, cursors and keys of another tenant answer as unknown ones do.',
    '',
    '## Roles',
    '',
    'A key has the scopes of its role, or fewer. A user token has at most the scopes `calls:write`, `calls:read` and `tools:read`,',
    'for its user alone. All tenants share the tools, so a tenant does not make an `author` by itself: a key of the role `platform`',
    'does.',
    '',
    ...markdownTable(
      ['scope', ...roleNames.map(codeText)],
      scopeNames.map((scope) => [
        codeText(scope),
        ...roleNames.map((role) => (roleScopes[role].includes(scope) ? 'yes' : '')),
      ]),
    ),
    '',
  ];
  return lines.join('\n');
}

function reaches({ scope, reach }: Route): string {
  return scope === 'open' ? 'no data' : codeText(reach);
}

function size(bytes: number): string {
  const kilobytes = bytes / 1_024;
  return kilobytes < 1_024 ? `${kilobytes} kB` : `${kilobytes / 1_024} MB`;
}
