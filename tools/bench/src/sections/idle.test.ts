import { idleRows } from './idle.js';

describe('the rows of an idle mesh', () => {
  const alone = { form: 'alone', cpu: new Map([['Kafka', 2]]), residentMb: new Map([['Kafka', 500]]) };

  it("count the mesh's share of the servers' work, not their own background work", () => {
    const mesh = {
      form: 'one process',
      cpu: new Map([
        ['all services', 1],
        ['Kafka', 3.5],
      ]),
      residentMb: new Map([
        ['all services', 280],
        ['Kafka', 510],
      ]),
    };
    const rows = idleRows([mesh], alone);
    expect(rows).toMatchObject([
      { figure: 2.5, target: { bound: 3 }, note: 'all services 1, Kafka 3.5, Kafka alone 2' },
      { figure: 280, target: { bound: 300 } },
    ]);
  });

  it('show that nothing can be measured', () => {
    const nothing = { form: 'four processes', cpu: new Map(), residentMb: new Map() };
    expect(idleRows([nothing], nothing).map(({ figure, note }) => [figure, note])).toEqual([
      [undefined, 'only on Linux'],
      [undefined, 'only on Linux'],
    ]);
  });
});
