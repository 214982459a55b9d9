import { Agent } from './agent.js';

// Runs the example agent in a process of its own, which ends with its parent.
process.once('disconnect', () => process.exit(1));
process.on('unhandledRejection', (error) => {
  console.error(error);
  process.exit(1);
});

const [brokers = '', topicPrefix = '', gatewayUrl = '', apiKey = '', publisherToken = '', tenantId = ''] =
  process.argv.slice(2);
const agent = new Agent({
  brokers: brokers.split(','),
  topicPrefix,
  gatewayUrl,
  apiKey,
  publisherToken,
  tenantId,
  report: (step) => process.send?.(step),
});
process.once('SIGTERM', () => void agent.stop().finally(() => process.exit(0)));
await agent.start();
process.send?.('ready');
