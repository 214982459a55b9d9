import { LogBudget } from './log-budget.js';

it('logs the first entries of a window as lines, and the rest as a number', () => {
  const lines: string[] = [];
  const budget = new LogBudget<string>({
    most: 2,
    everyMs: 60_000,
    line: (entry) => lines.push(entry),
    rest: (count) => lines.push(`${count} more`),
  });
  for (let fenced = 0; fenced < 3_000; fenced += 1) budget.add(`call ${fenced}`);
  budget.close();
  budget.add('next');
  budget.close();
  budget.close();
  expect(lines).toEqual(['call 0', 'call 1', '2998 more', 'next']);
});
