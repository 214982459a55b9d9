import type { Kafka } from 'kafkajs';
import type { ClientSockets } from './kafkajs-sockets.js';

/** One library instance and its sockets. */
export interface KafkaJsInstance {
  readonly kafka: Kafka;
  readonly sockets: ClientSockets;
  readonly requestTimeoutMs: number;
}

/** Waits for a graceful end within the given milliseconds, then cuts the sockets. Never rejects. */
export async function closeWithin(
  instance: KafkaJsInstance,
  graceful: () => Promise<void>,
  timeoutMs: number,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  await Promise.race([graceful().catch(() => undefined), deadline]);
  clearTimeout(timer);
  instance.sockets.destroy();
}
