import { subjectOf } from '../../test/governor-samples.js';
import { Gates, type Place } from './gates.js';

function fill(gates: Gates, tenantId: string): Place[] {
  const places: Place[] = [];
  for (;;) {
    const place = gates.enter(subjectOf({ tenantId }), []);
    if ('waitMs' in place) return places;
    places.push(place);
  }
}

describe('the places of a tool', () => {
  it('are never all held by one tenant, so that another need not wait for its flood (I11)', () => {
    const gates = new Gates({ start: 64, max: 64 });
    expect(fill(gates, 'flood')).toHaveLength(56);
    expect(fill(gates, 'second-flood')).toHaveLength(8);
    expect(fill(gates, 'quiet')).toHaveLength(0);
  });

  it('of which the last are kept go to those who hold few', () => {
    const gates = new Gates({ start: 64, max: 64 });
    const [second] = fill(gates, 'second').splice(0, 40);
    expect(second).toBeDefined();
    expect(fill(gates, 'quiet')).toHaveLength(8);
  });

  it('come back with those who leave', () => {
    const gates = new Gates({ start: 16, max: 16 });
    const places = fill(gates, 'flood');
    expect(places).toHaveLength(14);
    for (const place of places) gates.leave(place);
    expect(fill(gates, 'flood')).toHaveLength(14);
  });

  it('are all for everybody where there are too few to keep any', () => {
    expect(fill(new Gates({ start: 7, max: 7 }), 'only')).toHaveLength(7);
    expect(fill(new Gates({ start: 1, max: 1 }), 'only')).toHaveLength(1);
  });
});
