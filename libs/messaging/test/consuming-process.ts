import { ack } from '../src/index.js';
import { clientOptions, startServer, type Topics } from './harness.js';

/** A consumer in a process of its own, to be killed: prints each number that it handled. Arguments: brokers, topics. */
const [, , brokers = '', topic = '', deadLetters = ''] = process.argv;
const topics: Topics = { topic, deadLetters };

await startServer(clientOptions(brokers.split(',')), topics, ({ n }) => {
  process.stdout.write(`${n}\n`);
  return Promise.resolve(ack);
});
process.stdout.write('listening\n');
