import { parseUrl } from '@action-mesh/kernel';
import { z } from 'zod';

const msPerUnit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const duration = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const brokerAddress = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

/** Reads `250ms`, `10s`, `2m`, `1h` or `7d` as milliseconds. */
export const durationMs = z.string().transform((text, context) => {
  const [, amount, unit] = duration.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined) {
    context.addIssue('must be a duration such as 250ms, 10s, 2m or 1h');
    return z.NEVER;
  }
  return Number(amount) * msPerUnit[unit as keyof typeof msPerUnit];
});

/** A TCP port; 0 lets the system choose. */
export const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port number from 0 to 65535');

/** A whole number written in decimal digits. */
export const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);

/** Reads `host:port[,host:port…]` as a list. */
export const brokerList = z.string().transform((text, context) => {
  const brokers = text.split(',').map((broker) => broker.trim());
  const good = brokers.every((broker) => {
    const [, , portText] = brokerAddress.exec(broker) ?? [];
    return portText !== undefined && Number(portText) >= 1 && Number(portText) <= 65_535;
  });
  if (!good) {
    context.addIssue('must be a list of host:port, separated by commas');
    return z.NEVER;
  }
  return brokers;
});

/** An absolute http or https URL without a trailing slash. */
export const httpUrl = z.string().transform((text, context) => {
  const url = parseUrl(text);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    context.addIssue('must be an http or https URL');
    return z.NEVER;
  }
  return url.href.replace(/\/$/, '');
});

/** `true` or `false`, also `1` or `0`, `yes` or `no`, `on` or `off`. */
export const flag = z.string().transform((text, context) => {
  const word = text.trim().toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  if (['false', '0', 'no', 'off'].includes(word)) return false;
  context.addIssue('must be true or false');
  return z.NEVER;
});

/** The lowest level of the written log lines. */
export const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
  error: 'must be fatal, error, warn, info, debug, trace or silent',
});
