import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import type pg from 'pg';

import { createPool } from '../src/index.js';

let database: OwnDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'broken_test');
  pool = createPool({ url: database.url, schema: 'public', applicationName: 'test', maxConnections: 2 });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a connection that breaks between two statements while it is lent out', () => {
  it('fails the next statement and not the process', async () => {
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    // An error without a listener would end the process, here the test run.
    expect(client.listenerCount('error')).toBeGreaterThan(0);
    await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    await expect(client.query('SELECT 1')).rejects.toThrow();
    client.release(true);
    await expect(pool.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });
});
