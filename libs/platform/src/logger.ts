import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

import { redactLine, redactMembers } from './redact.js';

/** A logger that writes one line of JSON per event. */
export type Logger = PinoLogger;

/** The injection token of the service's {@link Logger}. */
export const Logger = Symbol('Logger');

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface LoggerOptions {
  /** The name of the service. Every line carries it. */
  readonly service: string;
  /** @default `info` */
  readonly level?: LogLevel;
  /** @default standard output */
  readonly destination?: DestinationStream;
}

/**
 * Creates a logger with lines that are safe to keep. It replaces members that are secret by name, and every text that
 * looks like a credential, in any place of the line.
 */
export function createLogger({ service, level = 'info', destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      // The formatters have already turned errors into plain objects.
      serializers: { err: (error: unknown) => error },
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => redactMembers(object) as Record<string, unknown>,
      },
      hooks: { streamWrite: redactLine },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}
