import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { DiagnosticPoint } from './diagnostic-point.js';

const seen: unknown[] = [];
const see = (fields: unknown): void => void seen.push(fields);
const point = new DiagnosticPoint<{ readonly id: number }>('mesh:kernel:test');

beforeEach(() => subscribe(point.name, see));

afterEach(() => {
  unsubscribe(point.name, see);
  seen.length = 0;
});

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a diagnostic point', () => {
  it('computes no fields without subscribers', async () => {
    unsubscribe(point.name, see);
    const fields = (): never => {
      throw new Error('nobody subscribes');
    };
    point.publish(fields);
    point.publishAfterTurn(fields);
    await endOfTurn();
  });

  it('calls its subscribers before publish returns', () => {
    point.publish(() => ({ id: 1 }));
    expect(seen).toEqual([{ id: 1 }]);
  });

  it('calls its subscribers after the turn on publishAfterTurn', async () => {
    point.publishAfterTurn(() => ({ id: 2 }));
    await Promise.resolve();
    expect(seen).toEqual([]);
    await endOfTurn();
    expect(seen).toEqual([{ id: 2 }]);
  });
});
