import { sampleSubject } from '../../test/governor-samples.js';
import { ConcurrencyLimiter, type Slot } from './concurrency-limiter.js';

function fill(concurrencyLimiter: ConcurrencyLimiter, tenantId: string): Slot[] {
  const slots: Slot[] = [];
  for (;;) {
    const slot = concurrencyLimiter.acquire(sampleSubject({ tenantId }), []);
    if ('waitMs' in slot) return slots;
    slots.push(slot);
  }
}

describe('the slots of a tool', () => {
  it('never all go to one tenant, so another one does not wait for its flood (I11)', () => {
    const concurrencyLimiter = new ConcurrencyLimiter({ start: 64, max: 64 });
    expect(fill(concurrencyLimiter, 'flood')).toHaveLength(56);
    expect(fill(concurrencyLimiter, 'second-flood')).toHaveLength(8);
    expect(fill(concurrencyLimiter, 'quiet')).toHaveLength(0);
  });

  it('in the reserve go to tenants with few of them', () => {
    const concurrencyLimiter = new ConcurrencyLimiter({ start: 64, max: 64 });
    const [second] = fill(concurrencyLimiter, 'second').splice(0, 40);
    expect(second).toBeDefined();
    expect(fill(concurrencyLimiter, 'quiet')).toHaveLength(8);
  });

  it('become free when requests end', () => {
    const concurrencyLimiter = new ConcurrencyLimiter({ start: 16, max: 16 });
    const slots = fill(concurrencyLimiter, 'flood');
    expect(slots).toHaveLength(14);
    for (const slot of slots) concurrencyLimiter.release(slot);
    expect(fill(concurrencyLimiter, 'flood')).toHaveLength(14);
  });

  it('have no reserve if they are too few', () => {
    expect(fill(new ConcurrencyLimiter({ start: 7, max: 7 }), 'only')).toHaveLength(7);
    expect(fill(new ConcurrencyLimiter({ start: 1, max: 1 }), 'only')).toHaveLength(1);
  });
});
