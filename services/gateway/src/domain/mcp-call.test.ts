import { callMetaKey, readMcpCall, type HostFacts, type McpRequestIdentity } from './mcp-call.js';

const host: HostFacts = { userId: 'ada', boundUserId: undefined, agentId: 'a', runId: undefined };
const request: McpRequestIdentity = { sender: ['key-1', 'host'], instance: 'session-1', id: 7 };

const read = (
  identity: Partial<McpRequestIdentity> = {},
  meta?: object,
  facts: Partial<HostFacts> = {},
): ReturnType<typeof readMcpCall> =>
  readMcpCall({ slug: 'post_message', args: {}, meta }, { ...host, ...facts }, { ...request, ...identity });

const identityOf = (...given: Parameters<typeof read>): readonly unknown[] => {
  const { scope, occurrence, idempotency_key: key } = read(...given).request;
  return [scope, occurrence, key];
};

describe('a tools/call of a host that gives no identity (MC1)', () => {
  it('is the same call when its request is repeated in its session', () => {
    expect(identityOf()).toEqual(['global', expect.stringMatching(/^mcp:[0-9a-f]{64}$/), undefined]);
    expect(identityOf()).toEqual(identityOf());
  });

  it.each<[string, Partial<McpRequestIdentity>]>([
    ['another request of the session', { id: 8 }],
    ['an id that is a text', { id: '7' }],
    ['another session', { instance: 'session-2' }],
    ['another caller', { sender: ['key-2', 'host'] }],
  ])('is another call for %s', (_what, other) => {
    expect(identityOf(other)).not.toEqual(identityOf());
    expect(identityOf(other)[0]).toBe('global');
  });

  it('is told from later ones by a short time only, without a session and a span', () => {
    expect(identityOf({ instance: undefined })[0]).toBe('window:2m');
  });
});

describe('an equal tools/call under a new id', () => {
  it.each([
    ['a new call', 'new call', undefined, {}],
    ['the same call by a key', 'same call', { idempotency_key: 'k' }, {}],
    ['the same call by a run', 'same call', { agent: { run_id: 'r' } }, {}],
    ['the same call by the run in the header', 'same call', undefined, { runId: 'r' }],
    ['the same call by a scope', 'same call', { scope: 'global' }, {}],
    ['one or the other in a window', 'unsure', { scope: 'window:10m' }, {}],
  ])(`is %s of _meta["${callMetaKey}"] (MP3)`, (_what, retried, meta, facts) => {
    expect(read({}, meta, facts).retried).toBe(retried);
  });
});
