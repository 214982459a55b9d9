import type { KeyScope } from '../auth-broker/scope.js';

/** One route of the gateway. The router, its documents and its authorization tests are made from this table. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters as `:name`. */
  readonly path: string;
  /** The scope that the caller needs, or `open` for a route without authentication. */
  readonly scope: KeyScope | 'open';
  /**
   * The data that a caller reaches. `caller`: of its tenant, within the users and tools of its key. `tenant`: of its
   * tenant; closed to keys that are limited to users or tools. `mesh`: of all tenants, who share the tools; closed to
   * limited keys too.
   */
  readonly reach: 'caller' | 'tenant' | 'mesh';
  /** The largest body, in bytes. Absent: the route takes no body. */
  readonly bodyLimitBytes?: number;
  /** The body is a form of a browser. Every other body is JSON. */
  readonly form?: true;
  /** The body is kept as it arrives, of any type: its signature opens the route. */
  readonly raw?: true;
  readonly summary: string;
}

const kilobyte = 1_024;
/** The largest body of an ordinary request, in bytes. */
export const usualBodyBytes = 256 * kilobyte;
/** The largest imported toolkit, in bytes. */
export const toolkitBodyBytes = 32 * kilobyte * kilobyte;
/** The largest body of a delivery from another system, in bytes. */
export const deliveryBodyBytes = kilobyte * kilobyte;

/** A route that changes nothing. */
export const readRoute = (path: string, scope: Route['scope'], reach: Route['reach'], summary: string) =>
  ({ method: 'GET', path, scope, reach, summary }) as const satisfies Route;

/** A route with a body. */
export const writeRoute = (
  method: 'POST' | 'PUT',
  path: string,
  scope: KeyScope,
  reach: Route['reach'],
  summary: string,
  bodyLimitBytes = usualBodyBytes,
) => ({ method, path, scope, reach, bodyLimitBytes, summary }) as const satisfies Route;

/** A route that removes something. */
export const removeRoute = (path: string, scope: KeyScope, reach: Route['reach'], summary: string) =>
  ({ method: 'DELETE', path, scope, reach, summary }) as const satisfies Route;

/** The largest form of a connect page, in bytes. */
const formBytes = 64 * kilobyte;

/** A page for browsers. The secrets of the browser open it. */
export const pageRoute = (path: string, summary: string) =>
  ({ method: 'GET', path, scope: 'open', reach: 'mesh', summary }) as const satisfies Route;

/** A form of a connect page. */
export const formRoute = (path: string, summary: string) =>
  ({
    method: 'POST',
    path,
    scope: 'open',
    reach: 'mesh',
    bodyLimitBytes: formBytes,
    form: true,
    summary,
  }) as const satisfies Route;
