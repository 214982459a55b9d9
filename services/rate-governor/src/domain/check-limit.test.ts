import { checkLimit } from './check-limit.js';

const good = { id: 'crm', match: { provider: 'crm' }, per: 'credential', limit: 10, window: '1s' };

describe('a written limit', () => {
  it('is accepted unchanged', () => {
    expect(checkLimit(good)).toEqual({ ok: true, policy: good });
    expect(checkLimit({ ...good, burst: 3, max_concurrency: 2 }).ok).toBe(true);
  });

  it.each([
    [{ ...good, window: '2s' }, '/window'],
    [{ ...good, limit: 0 }, '/limit'],
    [{ ...good, limit: 1.5 }, '/limit'],
    [{ ...good, per: 'user' }, '/per'],
    [{ ...good, id: 'No Spaces' }, '/id'],
    [{ ...good, match: { providers: 'crm' } }, '/match'],
    [{ ...good, brust: 5 }, ''],
    [{ ...good, match: { user: 'ada' } }, '/match/tenant'],
    ['no limit', ''],
  ])('is refused with a pointer to the mistake: %j', (written, pointer) => {
    expect(checkLimit(written)).toMatchObject({ ok: false, problems: [{ pointer }] });
  });

  it('is refused with all mistakes at once', () => {
    const checked = checkLimit({ ...good, limit: -1, window: 'x' });
    expect(checked.ok ? [] : checked.problems).toHaveLength(2);
  });
});
