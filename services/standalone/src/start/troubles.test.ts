import { linesOf } from './troubles.js';

it('prints fifty lines of a flood, and the rest as a number', () => {
  const said: string[] = [];
  const lines = linesOf((line) => said.push(line));
  for (let index = 0; index < 1_000; index += 1) lines.add('a record was put aside');
  lines.close();
  expect(said).toHaveLength(51);
  expect(said.at(-1)).toContain('950 more like these');
});
