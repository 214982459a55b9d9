import {
  freshSecret,
  rotatedSecrets,
  storedSecret,
  triggerView,
  type StoredTrigger,
} from './stored-trigger.js';

const hour = 3_600_000;
const secretAt = (nowMs: number) => storedSecret(`secret of ${nowMs}`, nowMs);

describe('the secrets of a trigger', () => {
  it('overlap after a rotation, and no former one lives longer than before', () => {
    const first = rotatedSecrets([secretAt(0)], secretAt(hour), hour);
    expect(first.map(({ expiresAtMs }) => expiresAtMs)).toEqual([undefined, 2 * hour]);
    const second = rotatedSecrets(first, secretAt(1.5 * hour), 24 * hour);
    expect(second.map(({ expiresAtMs }) => expiresAtMs)).toEqual([undefined, 25.5 * hour, 2 * hour]);
    const third = rotatedSecrets(second, secretAt(3 * hour), 0);
    expect(third).toHaveLength(1);
  });

  it('are five at most', () => {
    const five = [0, 1, 2, 3, 4].reduce(
      (known, nowMs) => [...rotatedSecrets(known, secretAt(nowMs), hour)],
      [secretAt(-1)].slice(1),
    );
    expect(five).toHaveLength(5);
    expect(() => rotatedSecrets(five, secretAt(5), hour)).toThrow(/5 valid secrets already/);
    expect(rotatedSecrets(five, secretAt(5), 0)).toHaveLength(1);
  });

  it('come from the other system where it makes them', () => {
    expect(freshSecret({ scheme: 'standard_webhooks' })).toMatch(/^whsec_/);
    expect(() => freshSecret({ scheme: 'stripe' })).toThrow(/copy it from there/);
  });

  it('are in no view, and neither are expired ones', () => {
    const stored: StoredTrigger = {
      tenantId: 'acme',
      name: 'lead',
      settings: { scheme: 'github' },
      secrets: [secretAt(5), { ...secretAt(1), expiresAtMs: 4 }],
      revision: 'r',
      createdAtMs: 0,
      updatedAtMs: 5,
      updatedBy: 'ada',
    };
    const view = triggerView(stored, { publicUrl: 'https://mesh.example.com', published: true, nowMs: 10 });
    expect(JSON.stringify(view)).not.toContain('secret of');
    expect(view).toMatchObject({ url: 'https://mesh.example.com/hooks/acme/lead', secrets: [{}] });
    expect(view.secrets).toHaveLength(1);
  });
});
