import { defined } from '@action-mesh/kernel';
import type { LoggerService } from '@nestjs/common';

import type { Logger } from './logger.js';

/** Writes Nest's own messages as log lines. Nest uses `log` for its start messages, so they become `debug`. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...details: unknown[]): void {
    this.#write('debug', message, details);
  }

  error(message: unknown, ...details: unknown[]): void {
    this.#write('error', message, details);
  }

  warn(message: unknown, ...details: unknown[]): void {
    this.#write('warn', message, details);
  }

  debug(message: unknown, ...details: unknown[]): void {
    this.#write('debug', message, details);
  }

  verbose(message: unknown, ...details: unknown[]): void {
    this.#write('trace', message, details);
  }

  fatal(message: unknown, ...details: unknown[]): void {
    this.#write('fatal', message, details);
  }

  /** Nest passes the context as the last argument, after details such as a stack. */
  #write(level: 'fatal' | 'error' | 'warn' | 'debug' | 'trace', message: unknown, details: unknown[]): void {
    const context = typeof details.at(-1) === 'string' ? details.at(-1) : undefined;
    const rest = details
      .slice(0, context === undefined ? undefined : -1)
      .filter((detail) => detail !== undefined);
    const fields = {
      ...defined({ context }),
      ...(rest.length === 0 ? {} : { details: rest }),
    };
    if (message instanceof Error) this.#logger[level]({ ...fields, err: message }, message.message);
    else this.#logger[level](fields, typeof message === 'string' ? message : JSON.stringify(message));
  }
}
