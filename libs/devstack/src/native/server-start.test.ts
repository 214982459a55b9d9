import { ComponentStartError } from '../devstack.errors.js';
import { onFreePorts } from './server-start.js';

it('takes other ports when another process took one first', async () => {
  const tried: number[][] = [];
  const server = await onFreePorts(2, (ports) => {
    tried.push(ports);
    if (tried.length < 3)
      throw new ComponentStartError('Kafka', 'its process ended', 'Address already in use');
    return Promise.resolve('up');
  });
  expect(server).toBe('up');
  expect(new Set(tried.flat()).size).toBe(6);
});

it('does not retry for another reason', async () => {
  let attempts = 0;
  const starting = onFreePorts(1, () => {
    attempts++;
    return Promise.reject(new ComponentStartError('Kafka', 'its process ended', 'out of memory'));
  });
  await expect(starting).rejects.toThrow('out of memory');
  expect(attempts).toBe(1);
});
