import type { SimulatorOptions } from './oracle.js';
import { ProviderServer } from './provider-server.js';

// Entry point of the simulator process: options in argv, `{url}` as the first line out, and an end with its parent,
// whose death closes this pipe however it died.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));

const server = new ProviderServer(JSON.parse(process.argv[2] ?? '{}') as SimulatorOptions);
process.stdout.write(`${JSON.stringify({ url: await server.listen() })}\n`);
