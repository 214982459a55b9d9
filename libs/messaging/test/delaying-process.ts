import { earlyByMs, startDelayLane } from './delay-harness.js';
import { clientOptions, drawnEvent } from './harness.js';

/**
 * A delay lane in its own process, which a test kills. Prints each event and by how much it came too early.
 * Arguments: brokers, topic, dead letters, delay.
 */
const [, , brokers = '', topic = '', deadLetters = '', delay = ''] = process.argv;
const delayMs = Number(delay);

const { lane } = startDelayLane(
  clientOptions(brokers.split(',')),
  { event: drawnEvent(topic), delayMs, deadLetters },
  (events) => {
    for (const { data } of events) process.stdout.write(`${data.n} ${earlyByMs(data, delayMs)}\n`);
  },
);
await lane.joined();
process.stdout.write('joined\n');
