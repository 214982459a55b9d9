import { painterFor } from './text-color.js';
import { alignedTable, type TableColumn } from './aligned-table.js';

const plain = { paint: (_: unknown, text: string) => text, none: 'Nothing.' };
const columns: readonly TableColumn<{ readonly name: string; readonly n?: number }>[] = [
  { heading: 'NAME', cell: ({ name }) => name, width: 8 },
  { heading: 'N', cell: ({ n }) => n },
];

it('aligns cells, cuts long ones and shows no control characters', () => {
  const rows = [{ name: 'a\u001b[2J', n: 1 }, { name: '日本', n: 22 }, { name: 'x'.repeat(1_000_000) }];
  expect(alignedTable(rows, columns, plain).split('\n')).toEqual([
    'NAME      N',
    'a\ufffd[2J     1',
    '日本      22',
    'xxxxxxx…',
  ]);
  expect(alignedTable([], columns, plain)).toBe('Nothing.');
});

it.each([
  [true, {}, true],
  [true, { NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [false, {}, false],
])('colours only a terminal that wants them (%s, %j)', (isTTY, environment, isColored) => {
  const paint = painterFor({ stdout: { isTTY } as never, environment });
  expect(paint('bad', 'x') !== 'x').toBe(isColored);
});
