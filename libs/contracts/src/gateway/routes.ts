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
  readonly summary: string;
}

const kilobyte = 1_024;
/** The largest body of an ordinary request, in bytes. */
export const usualBodyBytes = 256 * kilobyte;
/** The largest imported toolkit, in bytes. */
export const toolkitBodyBytes = 32 * kilobyte * kilobyte;

const read = (path: string, scope: Route['scope'], reach: Route['reach'], summary: string) =>
  ({ method: 'GET', path, scope, reach, summary }) as const satisfies Route;

const write = (
  method: 'POST' | 'PUT',
  path: string,
  scope: KeyScope,
  reach: Route['reach'],
  summary: string,
  bodyLimitBytes = usualBodyBytes,
) => ({ method, path, scope, reach, bodyLimitBytes, summary }) as const satisfies Route;

const remove = (path: string, scope: KeyScope, reach: Route['reach'], summary: string) =>
  ({ method: 'DELETE', path, scope, reach, summary }) as const satisfies Route;

/** Every route of the gateway. A request without a route here is refused. */
export const routes = {
  live: read('/health/live', 'open', 'mesh', 'Whether the process runs'),
  ready: read('/health/ready', 'open', 'mesh', 'Whether the gateway takes calls'),

  executeTool: write(
    'POST',
    '/v1/tools/:slug/execute',
    'calls:write',
    'caller',
    'Run a tool and wait for its outcome',
  ),
  submitCalls: write('POST', '/v1/calls', 'calls:write', 'caller', 'Submit one call or many'),
  listCalls: read('/v1/calls', 'calls:read', 'caller', 'List calls'),
  findCall: read('/v1/calls/:id', 'calls:read', 'caller', 'Show a call'),
  cancelCall: write('POST', '/v1/calls/:id/cancel', 'calls:write', 'caller', 'Cancel a call'),
  compensateCall: write('POST', '/v1/calls/:id/compensate', 'calls:write', 'caller', 'Undo a call'),
  compensateSaga: write(
    'POST',
    '/v1/sagas/:id/compensate',
    'calls:write',
    'caller',
    'Undo the calls of a saga',
  ),

  listWaiting: read('/v1/waiting', 'calls:read', 'caller', 'List calls that wait'),
  listDead: read('/v1/dead-letters', 'calls:read', 'caller', 'List calls that need a person'),
  findDead: read('/v1/dead-letters/:id', 'calls:read', 'caller', 'Show a call that needs a person'),
  resolveCall: write('POST', '/v1/calls/:id/resolve', 'dlq:admin', 'caller', 'Decide how a call ended'),
  rescheduleCall: write('POST', '/v1/calls/:id/reschedule', 'dlq:admin', 'caller', 'Move a waiting call'),
  redriveCalls: write('POST', '/v1/dead-letters/redrive', 'dlq:admin', 'caller', 'Run dead calls again'),
  redriveCall: write('POST', '/v1/dead-letters/:id/redrive', 'dlq:admin', 'caller', 'Run a dead call again'),
  correctCall: write(
    'POST',
    '/v1/dead-letters/:id/correct',
    'dlq:admin',
    'caller',
    'Replace a dead call by a correct one',
  ),
  listRefused: read('/v1/refused-records', 'dlq:admin', 'tenant', 'List refused records of the ingress'),

  listTools: read('/v1/tools', 'tools:read', 'caller', 'List tools, or search them'),
  findTool: read('/v1/tools/:slug', 'tools:read', 'caller', 'Show a tool'),
  listToolkits: read('/v1/toolkits', 'tools:read', 'caller', 'List toolkits'),
  findToolkit: read('/v1/toolkits/:toolkit', 'tools:read', 'caller', 'Show a toolkit'),
  compareToolkit: read(
    '/v1/toolkits/:toolkit/changes',
    'tools:read',
    'caller',
    'Compare two dates of a toolkit',
  ),
  importToolkit: write(
    'PUT',
    '/v1/toolkits/:toolkit',
    'tools:admin',
    'mesh',
    'Import a toolkit',
    toolkitBodyBytes,
  ),
  setStable: write('PUT', '/v1/toolkits/:toolkit/stable', 'tools:admin', 'mesh', 'Move the channel stable'),
  removeToolkit: remove('/v1/toolkits/:toolkit', 'tools:admin', 'mesh', 'Remove a toolkit'),
  retireToolkit: remove(
    '/v1/toolkits/:toolkit/versions/:version',
    'tools:admin',
    'mesh',
    'Retire a date of a toolkit',
  ),
  listOverrides: read('/v1/toolkits/:toolkit/overrides', 'tools:read', 'caller', 'List overrides of tools'),
  proposeOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides',
    'tools:admin',
    'mesh',
    'Propose an override',
  ),
  approveOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides/:revision/approve',
    'tools:admin',
    'mesh',
    'Approve an override of another person',
  ),
  rejectOverride: write(
    'POST',
    '/v1/toolkits/:toolkit/tools/:slug/overrides/:revision/reject',
    'tools:admin',
    'mesh',
    'Reject an override',
  ),

  listLimits: read('/v1/limits', 'limits:read', 'tenant', 'List limits'),
  putLimit: write('PUT', '/v1/limits/:id', 'limits:admin', 'tenant', 'Set a limit'),
  removeLimit: remove('/v1/limits/:id', 'limits:admin', 'tenant', 'Remove a limit'),
  listBreakers: read('/v1/breakers', 'limits:read', 'tenant', 'List breakers'),

  fireTrigger: write(
    'POST',
    '/v1/hooks/:trigger',
    'triggers:write',
    'caller',
    'Report an event from outside',
  ),

  listKeys: read('/v1/keys', 'keys:admin', 'tenant', 'List keys and publisher tokens'),
  createKey: write('POST', '/v1/keys', 'keys:admin', 'tenant', 'Create a key or a publisher token'),
  findKey: read('/v1/keys/:id', 'keys:admin', 'tenant', 'Show a key without its secret'),
  rotateKey: write('POST', '/v1/keys/:id/rotate', 'keys:admin', 'tenant', 'Replace a key, with an overlap'),
  revokeKey: remove('/v1/keys/:id', 'keys:admin', 'tenant', 'Revoke a key'),
  whoAmI: read('/v1/me', 'calls:read', 'caller', 'Show the caller, its scopes and its quota'),

  listSwitches: read('/v1/switches', 'calls:read', 'caller', 'List kill switches that are on'),
  turnOnSwitch: write('POST', '/v1/switches', 'switches:admin', 'tenant', 'Turn on a kill switch'),
  liftSwitch: remove('/v1/switches/:id', 'switches:admin', 'tenant', 'Lift a kill switch'),

  listTenants: read('/v1/tenants', 'tenants:admin', 'mesh', 'List tenants'),
  findTenant: read('/v1/tenants/:tenant', 'tenants:admin', 'mesh', 'Show a tenant'),
  putTenant: write('PUT', '/v1/tenants/:tenant', 'tenants:admin', 'mesh', 'Create or change a tenant'),
  createTenantKey: write(
    'POST',
    '/v1/tenants/:tenant/keys',
    'tenants:admin',
    'mesh',
    'Create a key of any tenant',
  ),
  removeTenant: remove('/v1/tenants/:tenant', 'tenants:admin', 'mesh', 'Remove a tenant and revoke its keys'),
} as const satisfies Record<string, Route>;

/** The name of a route. */
export type RouteName = keyof typeof routes;
