// Leases of an executor
export { LeaseClient } from './lease-client.js';
export type { LeaseClientOptions } from './lease-client.js';
export { Leases } from './lease-client.port.js';
export type { CredentialWant } from './lease-client.port.js';

// The way to the brokers
export { KafkaTokenExchange } from './kafka-token-exchange.js';
export type { KafkaTokenExchangeOptions } from './kafka-token-exchange.js';
export type { TokenExchange, TokenQuestion } from './token-exchange.port.js';
