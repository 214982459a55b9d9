/**
 * Addresses with values of a tenant or a user in them.
 *
 * - TP1: a value stays in its own part of the address. It changes no scheme, no other label of the host, no other
 *   segment of the path, and adds no port, user, query or fragment.
 * - TP2: a pattern must match the whole value. The error for another value shows the name alone.
 */
import { parseUrl } from '@action-mesh/kernel';

import { plainAddress, withoutSlash } from './address.js';
import { fill, templateVariables } from './template-variables.js';
import type { FieldDefinition, ProviderDefinition } from './provider.js';
import { ProviderError } from './provider.errors.js';

/** The values of settings and of fields, by name. */
export type TemplateValues = Readonly<Record<string, string>>;

/** The most characters of a value. */
const mostCharacters = 1_000;

/** A part of an address: the unreserved characters of RFC 3986, which no parser gives another meaning. */
const addressPart = /^[A-Za-z0-9._~-]+$/;

/** The definition of a value, with its default. */
interface ValueRule {
  readonly label: string;
  readonly pattern: string | undefined;
  readonly isUrl?: boolean | undefined;
  readonly default?: string | undefined;
}

/**
 * The address that a template gives with the values of settings and fields. Throws `ProviderError` when a value is missing
 * or does not fit.
 */
export function resolveTemplate(
  provider: ProviderDefinition,
  template: string,
  values: TemplateValues,
): string {
  const rules = rulesOf(provider);
  const names = templateVariables(template);
  const text = fill(template, (name) => addressValue(provider, name, values, rules.get(name), template));
  const url = parseUrl(text);
  if (url === undefined || url.username !== '' || url.password !== '' || url.hash !== '')
    throw new ProviderError(
      'PROVIDER_VALUE_INVALID',
      `${list(names)} of ${provider.name} give no http or https address; correct the value.`,
      names,
    );
  return text;
}

/**
 * The parameters of a request, with the values of settings in them. The request leaves out parameters with an empty
 * value. Throws `ProviderError` when a value is missing or does not match its pattern.
 */
export function resolveParameters(
  provider: ProviderDefinition,
  parameters: TemplateValues | undefined,
  values: TemplateValues,
): Readonly<Record<string, string>> {
  const resolved = Object.entries(parameters ?? {}).map(
    ([name, text]) => [name, resolveText(provider, text, values)] as const,
  );
  return Object.fromEntries(resolved.filter(([, value]) => value !== ''));
}

/** A text with the values of settings and fields in it. The text is no address, so each value only has to fit its pattern. */
export function resolveText(provider: ProviderDefinition, text: string, values: TemplateValues): string {
  const rules = rulesOf(provider);
  return fill(text, (name) => checkedValue(provider, name, values, rules.get(name)));
}

/** The problems of a tenant's settings, as texts for people. Empty: the provider can work with them. */
export function settingProblems(provider: ProviderDefinition, settings: TemplateValues): readonly string[] {
  return problemsOf(
    provider,
    (provider.settings ?? []).map(({ name }) => name),
    settings,
    'setting',
  );
}

/** The problems of the fields that a user entered, as texts for people. They name fields and show no value. */
export function fieldProblems(provider: ProviderDefinition, fields: TemplateValues): readonly string[] {
  const names = provider.auth.kind === 'fields' ? provider.auth.fields.map(({ name }) => name) : [];
  return problemsOf(provider, names, fields, 'field');
}

function problemsOf(
  provider: ProviderDefinition,
  names: readonly string[],
  values: TemplateValues,
  kind: 'setting' | 'field',
): readonly string[] {
  const rules = rulesOf(provider);
  const unknown = Object.keys(values)
    .filter((name) => !names.includes(name))
    .map((name) => `${provider.name} has no ${kind} ${name}; leave it out.`);
  const unfit = names.flatMap((name) => {
    try {
      checkedValue(provider, name, values, rules.get(name));
      return [];
    } catch (error) {
      if (error instanceof ProviderError) return [error.message];
      throw error;
    }
  });
  return [...unknown, ...unfit];
}

function rulesOf({ auth, settings = [] }: ProviderDefinition): ReadonlyMap<string, ValueRule> {
  const fields: readonly FieldDefinition[] = auth.kind === 'fields' ? auth.fields : [];
  return new Map<string, ValueRule>([
    ...settings.map((setting) => [setting.name, setting] as const),
    ...fields.map(({ name, label, pattern, optional }) => {
      const rule: ValueRule = { label, pattern, default: optional ? '' : undefined };
      return [name, rule] as const;
    }),
  ]);
}

/** The value of a setting or a field, or its default. */
function checkedValue(
  { name: providerName }: ProviderDefinition,
  name: string,
  values: TemplateValues,
  rule: ValueRule | undefined,
): string {
  if (rule === undefined)
    throw new ProviderError('PROVIDER_VALUE_UNKNOWN', `${providerName} has no setting or field ${name}.`, [
      name,
    ]);
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined || value === '') {
    if (rule.default !== undefined) return rule.default;
    throw new ProviderError('PROVIDER_VALUE_MISSING', `${providerName} needs ${name} (${rule.label}).`, [
      name,
    ]);
  }
  const fits =
    value.length <= mostCharacters &&
    (rule.isUrl
      ? plainAddress(value) !== undefined
      : new RegExp(`^(?:${rule.pattern ?? '[^\\p{Cc}]*'})$`, 'u').test(value));
  if (!fits)
    throw new ProviderError(
      'PROVIDER_VALUE_INVALID',
      `${name} (${rule.label}) of ${providerName} does not have its form; ${
        rule.isUrl ? 'write an https address without query' : `it must match ${rule.pattern ?? 'one line'}`
      }.`,
      [name],
    );
  return value;
}

/** A value that stands in an address. */
function addressValue(
  provider: ProviderDefinition,
  name: string,
  values: TemplateValues,
  rule: ValueRule | undefined,
  template: string,
): string {
  const value = checkedValue(provider, name, values, rule);
  const isWhole = rule?.isUrl === true && template.startsWith(`{${name}}`);
  // A dot segment would remove the segment before it, and a dot at an edge would add an empty label to the host.
  const isPart =
    addressPart.test(value) && !value.startsWith('.') && !value.endsWith('.') && !value.includes('..');
  if (isWhole || isPart) return withoutSlash(value);
  throw new ProviderError(
    'PROVIDER_VALUE_INVALID',
    `${name} of ${provider.name} stands in an address; it may hold letters, digits, dots, hyphens and underscores alone.`,
    [name],
  );
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'The templates' : names.join(', ');
}
