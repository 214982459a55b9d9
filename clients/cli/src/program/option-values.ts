import { InvalidArgumentError } from 'commander';

/** Reads the value of an option that is a count. Throws the error that commander reports as wrong usage. */
export function countOption(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Gathers the values of an option that may be repeated. */
export function gathered(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
