import type { SimulatorOptions } from './oracle.js';
import { ProviderServer } from './provider-server.js';

// Entry point of the simulator process. It takes its options from argv and prints `{url}` as its first line. It ends
// when this pipe closes, which also happens when the parent is killed.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));

const server = new ProviderServer(JSON.parse(process.argv[2] ?? '{}') as SimulatorOptions);
process.stdout.write(`${JSON.stringify({ url: await server.listen() })}\n`);
