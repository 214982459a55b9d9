import { coldStartRow } from './cold-start.js';

it('a cold start compares the first ten calls with the second half', () => {
  const run = (first: number, later: number): number[] => [
    ...Array.from({ length: 10 }, () => first),
    ...Array.from({ length: 40 }, () => 1_000),
    ...Array.from({ length: 50 }, () => later),
  ];
  expect(coldStartRow('one process', [run(45, 4), run(400, 5), run(40, 3)])).toMatchObject({
    figure: 11.25,
    note: '45 ms and 4 ms a call',
  });
});
