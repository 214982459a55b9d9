/**
 * Stands for the address of the connection's own API, if the integration has no base URL. No such host exists (RFC
 * 6761), so a request that keeps it reaches no server.
 */
export const connectionBase = 'https://connection.invalid';
