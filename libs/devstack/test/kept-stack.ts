/**
 * A program that claims the data folder of its checkout and starts PostgreSQL and Kafka on it. It prints one line, and
 * then waits until a test ends it.
 */
import { claimDataFolder, startDevstack } from '../src/index.js';

try {
  const keepIn = await claimDataFolder();
  const { kafkaBrokers, databaseUrl } = await startDevstack({ keepIn, need: ['kafka', 'postgres'] });
  console.log(JSON.stringify({ kafkaBrokers, databaseUrl }));
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
