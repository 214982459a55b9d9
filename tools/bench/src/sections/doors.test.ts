import { verdictOf } from '../result-row.js';
import { doorRows } from './doors.js';

const figures = { singleMs: { HTTP: 7.5, Kafka: 5 }, webhookMs: { single: 12, loaded: 60 } };

describe('the rows of the doors', () => {
  it('take the calls over Kafka from those over HTTP, and turn CPU time into requests of one core', () => {
    const rows = doorRows('four processes', { ...figures, callCpuMs: 0.4, readCpuMs: 1 });
    expect(rows.map((row) => [row.figure, verdictOf(row)])).toEqual([
      [2.5, 'MISSED'],
      [2_500, 'met'],
      [1_000, 'MISSED'],
      [12, 'met'],
      [60, 'MISSED'],
    ]);
  });

  it('say why a machine without the CPU time of processes has no such figure', () => {
    const rows = doorRows('four processes', figures);
    expect(rows.filter(({ figure }) => figure === undefined)).toMatchObject([
      { note: 'only on Linux' },
      { note: 'only on Linux' },
    ]);
  });
});
