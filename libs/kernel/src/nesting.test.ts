import { nestsDeeper } from './nesting.js';

it.each([
  ['{"a":[1,{}]}', 3],
  ['"[[[["', 0],
  [String.raw`["\"[[[[",1]`, 1],
  ['[[],[],[]]', 2],
  ['', 0],
])('counts how deep %s nests', (json, depth) => {
  expect(nestsDeeper(Buffer.from(json), depth)).toBe(false);
  if (depth > 0) expect(nestsDeeper(Buffer.from(json), depth - 1)).toBe(true);
});

it('takes time in proportion to the text', () => {
  const json = Buffer.from('{"a":'.repeat(200_000));
  const before = process.cpuUsage();
  expect(nestsDeeper(json, 1_000_000)).toBe(false);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});
