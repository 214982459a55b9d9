import type { EntryBody } from '@action-mesh/contracts/audit';
import { ByteWriter, ParquetWriter, schemaFromColumnData, type ColumnSource } from 'hyparquet-writer';

import type { VerifiableRecord } from '../../domain/chain-verifier.js';

/** The rows of a row group. Readers load a group at a time. */
const rowsOfGroup = 5_000;

type Cell = string | bigint | Date | undefined;

interface Column {
  readonly name: string;
  readonly type: 'STRING' | 'INT64' | 'TIMESTAMP';
  readonly cell: (record: VerifiableRecord, body: EntryBody) => Cell;
}

const text = (name: keyof EntryBody): Column => ({
  name,
  type: 'STRING',
  cell: (_record, body) => body[name] as string | undefined,
});
const moment = (name: 'at' | 'recorded_at'): Column => ({
  name,
  type: 'TIMESTAMP',
  cell: (_record, body) => new Date(body[name]),
});
const whole = (value: number | undefined): bigint | undefined =>
  value === undefined ? undefined : BigInt(value);

/** The columns of an export. `body` is the exact text under the hash. */
const columns: readonly Column[] = [
  { name: 'seq', type: 'INT64', cell: ({ seq }) => whole(seq) },
  moment('at'),
  moment('recorded_at'),
  text('kind'),
  text('call_id'),
  { name: 'user_id', type: 'STRING', cell: ({ userId }) => (userId === '' ? undefined : userId) },
  text('agent_id'),
  text('run_id'),
  { name: 'step', type: 'INT64', cell: (_record, { step }) => whole(step) },
  text('tool'),
  text('tool_version'),
  text('status'),
  text('error_category'),
  text('trace_id'),
  { name: 'facts', type: 'STRING', cell: (_record, { facts }) => JSON.stringify(facts) },
  { name: 'content', type: 'STRING', cell: ({ content }) => content },
  { name: 'body', type: 'STRING', cell: ({ body }) => body },
  { name: 'prev_hash', type: 'STRING', cell: ({ previous }) => Buffer.from(previous).toString('hex') },
  { name: 'hash', type: 'STRING', cell: ({ hash }) => Buffer.from(hash).toString('hex') },
  {
    name: 'signature',
    type: 'STRING',
    cell: ({ signature }) => signature && Buffer.from(signature).toString('base64'),
  },
];

/** The bytes of a Parquet file, row group by row group. */
export async function* parquetOf(
  pages: AsyncIterable<readonly VerifiableRecord[]>,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: dataOf([]) }) });
  let waiting: VerifiableRecord[] = [];
  for await (const page of pages) {
    waiting.push(...page);
    if (waiting.length < rowsOfGroup) continue;
    yield await group(file, writer, waiting);
    waiting = [];
  }
  if (waiting.length > 0) yield await group(file, writer, waiting);
  await file.finish();
  yield taken(writer);
}

async function group(
  file: ParquetWriter,
  writer: ByteWriter,
  records: readonly VerifiableRecord[],
): Promise<Uint8Array> {
  await file.write({ columnData: dataOf(records), rowGroupSize: records.length });
  return taken(writer);
}

/** The bytes since the last time. The writer keeps its count of all bytes, which the file's index needs. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

function dataOf(records: readonly VerifiableRecord[]): ColumnSource[] {
  const bodies = records.map(({ body }) => JSON.parse(body) as EntryBody);
  return columns.map(({ name, type, cell }) => ({
    name,
    type,
    nullable: true,
    data: records.map((record, index) => {
      const body = bodies[index];
      return body === undefined ? undefined : cell(record, body);
    }),
  }));
}
