import { MeshError as MeshClientError, type ActionMesh, type MeshRequestOptions } from '@action-mesh/sdk';
import { errorMessage } from '@action-mesh/kernel';

import { bad, good, warning, type DoctorFinding } from './finding.js';

type Checked = (mesh: ActionMesh, request: MeshRequestOptions) => Promise<DoctorFinding>;

/** A check of a part behind the gateway, by a request that reads from it. */
interface PartCheck {
  readonly part: string;
  readonly scope: string;
  readonly ask: Checked;
}

const keyEndsSoonMs = 7 * 24 * 3_600_000;

const parts: readonly PartCheck[] = [
  {
    part: 'tools',
    scope: 'tools:read',
    ask: async (mesh, request) => {
      const { tools } = await mesh.tools.list({ limit: 1, ...request });
      return tools.length > 0
        ? good('tools', 'The gateway has tools.')
        : bad(
            'tools',
            'There are no tools.',
            'Start with CATALOG_TOOLS=./mytools, or import an API: mesh tools import.',
          );
    },
  },
  {
    part: 'catalog',
    scope: 'tools:read',
    ask: async (mesh, request) => {
      const { toolkits } = await mesh.request('listToolkits', request);
      return good('catalog', `It answers, with ${toolkits.length} toolkits.`);
    },
  },
  {
    part: 'executor',
    scope: 'calls:read',
    ask: async (mesh, request) => {
      const { calls } = await mesh.request('listWaiting', { ...request, query: { limit: 100 } });
      return good(
        'executor',
        `It answers; ${calls.length}${calls.length === 100 ? ' or more' : ''} calls wait.`,
      );
    },
  },
  {
    part: 'dead letters',
    scope: 'calls:read',
    ask: async (mesh, request) => {
      const { calls } = await mesh.deadLetters.list({ limit: 100 }, request);
      return calls.length === 0
        ? good('dead letters', 'No call needs a person.')
        : warning('dead letters', `${calls.length} calls need a person.`, 'Look: mesh dlq list.');
    },
  },
  {
    part: 'rate governor',
    scope: 'limits:read',
    ask: async (mesh, request) => {
      const { mode, breakers, blocked } = await mesh.limits.breakers(request);
      if (mode === 'local') {
        return warning(
          'rate governor',
          'Limits are counted by each executor alone, since Redis is not there.',
          'Start Redis, and set REDIS_URL of the executors.',
        );
      }
      return good(
        'rate governor',
        `It answers; ${breakers.length} breakers open, ${blocked.length} providers blocked.`,
      );
    },
  },
  {
    part: 'auth broker',
    scope: 'connections:read',
    ask: async (mesh, request) => {
      const { integrations } = await mesh.request('listIntegrations', request);
      return good('auth broker', `It answers, with ${integrations.length} integrations.`);
    },
  },
  {
    part: 'kill switches',
    scope: 'calls:read',
    ask: async (mesh, request) => {
      const { switches } = await mesh.switches.list(request);
      return switches.length === 0
        ? good('kill switches', 'None is on.')
        : warning('kill switches', `${switches.length} are on.`, 'Look: mesh switches list.');
    },
  },
];

/** Checks the key, and each part of the mesh that the key may read from. */
export async function meshFindings(
  mesh: ActionMesh,
  request: MeshRequestOptions,
): Promise<readonly DoctorFinding[]> {
  let me;
  try {
    me = await mesh.me(request);
  } catch (error) {
    request.signal?.throwIfAborted();
    return [findingOf('key', error)];
  }
  const scopes: readonly string[] = me.scopes;
  const key = good('key', `${me.holder} of the tenant ${me.tenant}, with the scopes ${scopes.join(' ')}.`);
  const findings = await Promise.all(
    parts
      .filter(({ scope }) => scopes.includes(scope))
      .map(({ part, ask }) =>
        ask(mesh, request).catch((error: unknown) => {
          request.signal?.throwIfAborted();
          return findingOf(part, error);
        }),
      ),
  );
  return [key, ...(await keyEnd(mesh, me, request)), ...findings];
}

/** A warning before the key ends. Only keys with `keys:admin` can read it. */
async function keyEnd(
  mesh: ActionMesh,
  { key_id: id, scopes }: { readonly key_id?: string; readonly scopes: readonly string[] },
  request: MeshRequestOptions,
): Promise<readonly DoctorFinding[]> {
  if (id === undefined || !scopes.includes('keys:admin')) return [];
  const key = await mesh.keys.get(id, request).catch(() => undefined);
  const endsMs = Date.parse(key?.expires_at ?? '');
  if (Number.isNaN(endsMs) || endsMs - Date.now() > keyEndsSoonMs) return [];
  return [
    warning(
      'key end',
      `The key ends at ${key?.expires_at ?? ''}.`,
      `Make a successor: mesh keys rotate ${id}.`,
    ),
  ];
}

function findingOf(part: string, error: unknown): DoctorFinding {
  const fix = error instanceof MeshClientError ? error.fixes[0] : undefined;
  return bad(part, errorMessage(error), fix ?? `Look at the log of the ${part}.`);
}
