import { routes, type Route, type RouteName } from '@action-mesh/contracts/gateway';

import type { ProblemCode } from '../problem-table.js';
import { problemStatus } from '../problem-table.js';
import { documentedAuditRoutes } from './audit-routes.js';
import { callRoutes } from './call-routes.js';
import { callerRoutes } from './caller-routes.js';
import { connectionRoutes } from './connection-routes.js';
import { documentedFlowRoutes } from './flow-routes.js';
import { interventionRoutes } from './intervention-routes.js';
import { mcpRoutes } from './mcp-routes.js';
import { operationRoutes } from './operation-routes.js';
import { approvalAndWebhookRoutes } from './approval-routes.js';
import type { RouteDocument } from './route-document.js';
import { documentedTriggerRoutes } from './trigger-routes.js';
import { toolRoutes } from './tool-routes.js';

/** Documents of routes by their names. */
export const routeDocuments: Readonly<Partial<Record<RouteName, RouteDocument>>> = {
  ...callRoutes,
  ...interventionRoutes,
  ...toolRoutes,
  ...callerRoutes,
  ...connectionRoutes,
  ...documentedTriggerRoutes,
  ...approvalAndWebhookRoutes,
  ...documentedAuditRoutes,
  ...documentedFlowRoutes,
  ...operationRoutes,
  ...mcpRoutes,
};

/** The problem codes of every request with a body. */
const bodyProblems = [
  'body_too_large',
  'content_coding_not_supported',
  'invalid_content_coding',
  'media_type_not_supported',
] as const;

/** The problem codes that any request to a route can get, by the properties of the route. */
function sharedProblems(route: Route, { query, body }: Partial<RouteDocument>): readonly ProblemCode[] {
  return [
    'bad_request',
    'header_too_large',
    'host_not_served',
    'internal_error',
    ...(route.form === true ? [] : (['origin_not_allowed'] as const)),
    ...(route.scope === 'open'
      ? []
      : (['unauthorized', 'scope_missing', 'quota_spent', 'mesh_unavailable'] as const)),
    ...(route.scope !== 'open' && route.reach !== 'caller' ? (['key_limited'] as const) : []),
    ...(route.bodyLimitBytes === undefined ? [] : bodyProblems),
    ...(body === undefined ? [] : (['body_missing', 'invalid_json', 'invalid_request'] as const)),
    ...(query === undefined ? [] : (['invalid_request'] as const)),
  ];
}

/** The codes of the problems that a route can answer, in alphabetical order, by status. */
export function problemsOf(name: RouteName): ReadonlyMap<number, readonly ProblemCode[]> {
  const document: Partial<RouteDocument> = routeDocuments[name] ?? {};
  const codes = [...sharedProblems(routes[name], document), ...(document.problems ?? [])];
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of [...new Set(codes)].sort()) {
    const status = problemStatus(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

/** The names of the routes without a document. A test names them. */
export function undocumentedRoutes(): readonly RouteName[] {
  return (Object.keys(routes) as RouteName[]).filter((name) => routeDocuments[name] === undefined);
}
