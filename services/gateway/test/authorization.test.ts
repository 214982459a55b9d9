import { roleNames, roleScopes, scopeNames, type KeyIdentity } from '@action-mesh/contracts/auth-broker';
import { routes, type Route, type RouteName } from '@action-mesh/contracts/gateway';
import { newKeyText } from '@action-mesh/identity';
import { sampleKey, SampleIssuer, sampleTenant } from '@action-mesh/identity/testing';
import { createLogger, startService, type RunningService } from '@action-mesh/platform';

import { gatewayConfig } from '../src/config.js';
import { composeGateway } from '../src/gateway.module.js';
import { rawRequest, type RawAnswer } from './raw-request.js';
import { silentTelemetry } from './silent-telemetry.js';

/** No other service answers here: the gateway decides on the caller before it asks the mesh. */
const nowhere = 'http://127.0.0.1:1';
const metricsKey = 'a-key-for-metrics-alone';
const serviceKey = 'k'.repeat(48);
const environment = {
  KAFKA_BROKERS: '127.0.0.1:1',
  PORT: '0',
  LOG_LEVEL: 'silent',
  MESH_SERVICE_KEY: serviceKey,
  AUTH_BROKER_URL: nowhere,
  CATALOG_URL: nowhere,
  EXECUTOR_URL: nowhere,
  RATE_GOVERNOR_URL: nowhere,
  WEBHOOKS_URL: nowhere,
};

const stop = new AbortController();
const served = new Set<string>();
let gateway: RunningService;
let issuer: SampleIssuer;
const { directory, module, http } = composeGateway(
  gatewayConfig(environment),
  createLogger({ service: 'gateway', level: 'silent' }),
  stop.signal,
  { ...silentTelemetry, metricsKey, render: () => Promise.resolve('mesh_calls_total 1') },
);

beforeAll(async () => {
  issuer = await SampleIssuer.of('acme');
  directory.put(sampleTenant('acme', { issuers: [issuer.identity] }));
  directory.complete();
  gateway = await startService({
    name: 'gateway',
    module,
    port: 0,
    logger: createLogger({ service: 'gateway', level: 'silent' }),
    http: {
      ...http,
      prepare(fastify) {
        fastify.addHook('onRoute', ({ method, url }) => {
          for (const each of [method].flat()) if (each !== 'HEAD') served.add(`${each} ${url}`);
        });
        http.prepare?.(fastify);
      },
    },
  });
});

afterAll(async () => {
  stop.abort(new Error('the test is over'));
  await gateway.close();
});

const all = Object.entries(routes) as [RouteName, Route][];
const guarded = all.filter(([, { scope }]) => scope !== 'open');
const open = all.filter(([, { scope }]) => scope === 'open');
const pathOf = ({ path }: Route): string => path.replace(/:[a-zA-Z]+/g, 'name');

const bearer = (token: string): string => `Bearer ${token}`;

/** A key that the gateway knows. */
function known(more: Partial<KeyIdentity> = {}): string {
  const { key, identity } = sampleKey('acme', { scopes: [...scopeNames], ...more });
  directory.put(identity);
  return bearer(key);
}

function ask(route: Route, authorization: string | undefined, target = pathOf(route)): Promise<RawAnswer> {
  return rawRequest(gateway.url, route.method, target, { authorization });
}

/** The answers of the routes that differ from the expected one. */
async function others(
  expected: string,
  authorization: string | undefined,
  target: (path: string) => string = (path) => path,
  among = guarded,
): Promise<readonly string[]> {
  const answers = await Promise.all(
    among.map(async ([name, route]) => {
      const { status, code } = await ask(route, authorization, target(pathOf(route)));
      return [name, `${status} ${code ?? ''}`] as const;
    }),
  );
  return answers.filter(([, answer]) => answer !== expected).map(([name, answer]) => `${name}: ${answer}`);
}

/** The ways to write one request target, with a name for every parameter. */
const spellings: Readonly<Record<string, (path: string) => string>> = {
  plain: (path) => path,
  'with a query': (path) => `${path}?a=/health/live`,
  'percent-encoded': (path) => path.replace(/[a-z0-9]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  'with one letter encoded': (path) => path.replace('v1', '%76%31'),
  'in absolute form': (path) => `http://health${path}`,
  'in absolute form of https': (path) => `HTTPS://x${path}`,
  'with double slashes': (path) => path.replaceAll('/', '//'),
  'with dot segments': (path) => `/health/..${path}`,
  'with encoded dot segments': (path) => `/health/%2e%2e${path}`,
  'in upper case': (path) => path.toUpperCase(),
  'with a trailing slash': (path) => `${path}/`,
  'with a fragment': (path) => `${path}#/health/live`,
  'with a parameter of the path': (path) => `${path};/health/live`,
  'with a backslash': (path) => `\\health\\..${path}`,
};

const revoked = known();
directory.remove(`key/${revoked.split('_')[2] ?? ''}`);
const good = known();

/** Everything that proves no caller. */
const wrong: Readonly<Record<string, string | undefined>> = {
  'no key': undefined,
  'an empty key': 'Bearer ',
  'a truncated key': good.slice(0, -3),
  'a key with another secret': good.replace(/.{8}$/, '00000000'),
  'a key with a letter more': `${good}x`,
  'an over-long key': bearer(`mesh_dev_${'a'.repeat(4_000)}`),
  'a key with a letter beyond ASCII': `${good.slice(0, -1)}\u00e9`,
  'an unknown key': bearer(newKeyText('api', 'dev')),
  'the id of a key with the secret of another': known({ digest: '0'.repeat(64) }),
  'a revoked key': revoked,
  'an expired key': known({ expires_at: '2020-01-01T00:00:00.000Z' }),
  'a key of an unknown tenant': known({ tenant_id: 'nobody' }),
  'a key of another environment': known({ environment: 'live' }),
  'a publisher token': known({ use: 'publisher' }),
  'the right key in another scheme': good.replace('Bearer', 'Basic'),
  'two keys': `${good}, ${good}`,
  'a token without a signature': bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.'),
};

describe('the table of routes', () => {
  it('has every route of the web server, and no other (RT1)', () => {
    const table = all.map(([, { method, path }]) => `${method} ${path}`);
    expect([...served].sort()).toEqual(table.sort());
  });
});

describe('every guarded route', () => {
  it.each(Object.keys(wrong))('is closed to %s (CG1)', async (what) => {
    expect(await others('401 unauthorized', wrong[what])).toEqual([]);
  });

  it('is closed to an expired user token, and to one of another tenant (CG1)', async () => {
    const past = Math.floor(Date.now() / 1_000) - 900;
    const stranger = await SampleIssuer.of('globex');
    const tokens = [await issuer.token('ada', { iat: past, exp: past + 60 }), await stranger.token('ada')];
    for (const token of tokens) expect(await others('401 unauthorized', bearer(token))).toEqual([]);
  });

  it.each(
    Object.keys(spellings).flatMap((spelling) =>
      ['no key', 'an unknown key'].map((what) => [spelling, what] as const),
    ),
  )('stays closed when its target is written %s and the request has %s (CG1)', async (spelling, what) => {
    // 400: the target is no valid target, so no route matched.
    const answers = await others('401 unauthorized', wrong[what], spellings[spelling]);
    expect(answers.filter((answer) => !/: 400 /.test(answer))).toEqual([]);
  });

  it.each(Object.keys(spellings))('needs its scope when its target is written %s (CG2)', async (spelling) => {
    const answers = await others('403 scope_missing', known({ scopes: [] }), spellings[spelling]);
    // 400, 404 and 405: the target leads to no route.
    expect(answers.filter((answer) => !/: 40[045] /.test(answer))).toEqual([]);
    if (spelling === 'plain') expect(answers).toEqual([]);
  });

  describe('of a role', () => {
    const statuses = new Map<string, readonly number[]>();

    // Administrative acts wait for a broker to record them, and none runs here. So all roles ask at once.
    beforeAll(async () => {
      const asked = roleNames.map(async (role) => {
        const key = known({ scopes: [...roleScopes[role]] });
        const held = new Set<string>(roleScopes[role]);
        const mine = guarded.filter(([, { scope }]) => held.has(scope));
        statuses.set(role, await Promise.all(mine.map(async ([, route]) => (await ask(route, key)).status)));
      });
      await Promise.all(asked);
    }, 60_000);

    it.each(roleNames)('opens for the role %s exactly where the role has its scope (CG2)', async (role) => {
      const key = known({ scopes: [...roleScopes[role]] });
      const held = new Set<string>(roleScopes[role]);
      const foreign = guarded.filter(([, { scope }]) => !held.has(scope));
      expect(await others('403 scope_missing', key, (path) => path, foreign)).toEqual([]);
      const answered = statuses.get(role) ?? [];
      expect(answered.filter((status) => status === 401 || status === 403)).toEqual([]);
      expect(answered.length).toBeGreaterThan(5);
    });
  });

  it('takes a user token within its scopes (CG2)', async () => {
    const narrow = bearer(await issuer.token('ada', { scope: 'calls:read tools:admin' }));
    // A user token is limited to its user.
    const reads = guarded.filter(([, { scope, reach }]) => scope === 'calls:read' && reach === 'caller');
    const rest = guarded.filter(([, { scope }]) => scope !== 'calls:read');
    expect(await others('403 scope_missing', narrow, (path) => path, rest)).toEqual([]);
    const statuses = await Promise.all(reads.map(async ([, route]) => (await ask(route, narrow)).status));
    expect(statuses.filter((status) => status === 401 || status === 403)).toEqual([]);
  });

  it.each<[string, Partial<KeyIdentity>]>([
    ['users', { users: ['ada'] }],
    ['tools', { tools: ['crm_*'] }],
  ])(
    'is closed to a key that is limited to %s when it reaches the whole tenant (CG3)',
    async (_what, limits) => {
      const key = known(limits);
      const wide = guarded.filter(([, { reach }]) => reach !== 'caller');
      expect(await others('403 key_limited', key, (path) => path, wide)).toEqual([]);
      expect(wide.length).toBeGreaterThan(15);
      const me = all.filter(([name]) => name === 'whoAmI');
      expect(await others('200 ', key, (path) => path, me)).toEqual([]);
    },
  );

  it('refuses a body beyond its limit', async () => {
    const bodies = guarded.filter(([, { method }]) => method !== 'GET');
    const answers = await Promise.all(
      bodies.map(async ([name, route]) => {
        const large = String((route.bodyLimitBytes ?? 1) + 1);
        const headers = { authorization: good, 'content-type': 'application/json', 'content-length': large };
        const { status } = await rawRequest(gateway.url, route.method, pathOf(route), headers);
        return `${name}: ${status}`;
      }),
    );
    expect(answers.filter((answer) => !answer.endsWith(': 413'))).toEqual([]);
  });
});

describe('the refusal of a caller', () => {
  it('names the fault, and gives one answer for an unknown key and a wrong secret', async () => {
    const details = new Map<string, string>();
    for (const [what, authorization] of Object.entries(wrong)) {
      const response = await fetch(`${gateway.url}/v1/calls`, {
        headers: authorization === undefined ? {} : { authorization },
      });
      details.set(what, ((await response.json()) as { detail: string }).detail);
    }
    expect(details.get('an unknown key')).toBe(details.get('the id of a key with the secret of another'));
    expect(details.get('an unknown key')).toBe(details.get('a revoked key'));
    const distinct = ['no key', 'a truncated key', 'an unknown key', 'an expired key', 'a publisher token'];
    expect(new Set(distinct.map((what) => details.get(what))).size).toBe(distinct.length);
  });

  it('challenges the caller, and names the missing scope (RFC 6750)', async () => {
    const { headers } = await ask(routes.listKeys, known({ scopes: ['calls:read'] }));
    expect(headers).toContain('error="insufficient_scope", scope="keys:admin"');
    expect((await ask(routes.listKeys, undefined)).headers).toContain(
      'www-authenticate: bearer realm="action-mesh"\r\n',
    );
    expect((await ask(routes.listKeys, wrong['an unknown key'])).headers).toContain('error="invalid_token"');
  });

  it('never repeats a key', async () => {
    for (const authorization of Object.values(wrong)) {
      const response = await fetch(`${gateway.url}/v1/calls`, {
        headers: { authorization: authorization ?? '' },
      });
      const text = `${await response.text()}${JSON.stringify([...response.headers])}`;
      expect(text).not.toMatch(/mesh(pub)?_(dev|live)_[0-9a-z]/);
    }
  });
});

describe('addresses without a key', () => {
  it.each(open.map(([name, route]) => [name, route] as const))('%s is open', async (_name, route) => {
    const isWhole = /^\/(?:health\/|hooks\/|docs$|v1\/openapi)/.test(route.path);
    // 400 and 404: a connect page or the reference refuses an invented address by itself.
    // 503: the gateway has not read the triggers yet.
    // 401: metrics ask for a key of their own.
    const expected = route.path === '/metrics' ? [401] : isWhole ? [200, 503] : [400, 404];
    expect(expected).toContain((await ask(route, undefined)).status);
  });

  it('are the pages for browsers, the documentation, the metadata for logins, the door for signed requests, health and metrics alone', () => {
    const others = open.filter(
      ([, { path }]) =>
        !/^\/(?:(?:health|connect|hooks)\/|metrics$|docs(?:$|\/)|\.well-known\/|v1\/openapi\.json$)/.test(
          path,
        ),
    );
    expect(others).toEqual([]);
  });

  it.each(['/health', '/health/', '/health/live/x', '/', '/metrics', '/internal/calls', '/v1'])(
    '%s, which has no route, is closed',
    async (path) => expect((await rawRequest(gateway.url, 'GET', path)).status).toBe(401),
  );
});

describe('the metrics', () => {
  const metrics = async (authorization = ''): Promise<{ readonly status: number; readonly body: string }> => {
    const response = await fetch(`${gateway.url}${routes.readMetrics.path}`, { headers: { authorization } });
    return { status: response.status, body: await response.text() };
  };

  it('are closed to every key of a caller, because they describe all tenants', async () => {
    const callers = {
      ...wrong,
      'a key with all scopes': good,
      ...Object.fromEntries(roleNames.map((role) => [role, known({ scopes: [...roleScopes[role]] })])),
      'a user token': bearer(await issuer.token('ada')),
    };
    for (const [what, authorization] of Object.entries(callers)) {
      const { status, body } = await metrics(authorization);
      expect([what, status]).toEqual([what, 401]);
      expect(body).not.toContain('mesh_calls_total');
    }
  });

  it('are open for METRICS_KEY and for the service key, which open nothing else', async () => {
    for (const key of [metricsKey, serviceKey]) {
      expect(await metrics(bearer(key))).toEqual({ status: 200, body: 'mesh_calls_total 1' });
      expect(await others('401 unauthorized', bearer(key))).toEqual([]);
    }
    for (const key of [`${metricsKey}x`, metricsKey.slice(1), ''])
      expect((await metrics(bearer(key))).status).toBe(401);
    expect((await metrics(metricsKey)).status).toBe(401);
  });
});

describe('addresses with a key', () => {
  it('are unknown or of another method in every spelling', async () => {
    const statusOf = async (method: string, target: string): Promise<number> =>
      (await rawRequest(gateway.url, method, target, { authorization: good })).status;
    for (const target of ['/v1/nothing', '/V1/tools', '//v1/tools'])
      expect(await statusOf('GET', target)).toBe(404);
    for (const target of ['/v1/calls', '/%76%31/calls', 'http://x/v1/calls'])
      expect(await statusOf('PUT', target)).toBe(405);
  });
});
