import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';

describe('the infrastructure of an integration test run', () => {
  it('answers on Kafka', async () => {
    const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { brokers: nodes } = await admin.describeCluster();
    await admin.disconnect();
    expect(nodes).toHaveLength(1);
  });

  it('has a database for tests alone', async () => {
    const client = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
    await client.connect();
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
    await client.end();
    expect(rows[0]?.name).toContain('test');
  });
});
