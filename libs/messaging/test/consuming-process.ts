import { ack } from '../src/index.js';
import { clientOptions, startServer, type Topics } from './harness.js';

/**
 * A consumer in its own process, which a test kills. Prints each number that it handled. Arguments: brokers, topics.
 */
const [, , brokers = '', topic = '', deadLetters = ''] = process.argv;
const topics: Topics = { topic, deadLetters };

await startServer(clientOptions(brokers.split(',')), topics, ({ n }) => {
  process.stdout.write(`${n}\n`);
  return Promise.resolve(ack);
});
process.stdout.write('listening\n');
