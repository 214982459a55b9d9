import { parseUrl } from '@action-mesh/kernel';

import type { ExportTarget } from './export-target.js';
import { langfuseAttributes, langsmithAttributes } from './preset-attributes.js';

/** The backends that `TELEMETRY_TARGETS` may name. */
export const presetNames = ['langfuse', 'langsmith', 'datadog'] as const;
export type PresetName = (typeof presetNames)[number];

/** The variables of the presets, as the environment gives them. */
export interface PresetVariables {
  readonly LANGFUSE_PUBLIC_KEY?: string | undefined;
  readonly LANGFUSE_SECRET_KEY?: string | undefined;
  readonly LANGFUSE_BASE_URL?: string | undefined;
  readonly LANGSMITH_API_KEY?: string | undefined;
  readonly LANGSMITH_PROJECT?: string | undefined;
  readonly LANGSMITH_ENDPOINT?: string | undefined;
  readonly DD_API_KEY?: string | undefined;
  readonly DD_SITE?: string | undefined;
  readonly DD_OTLP_ENDPOINT?: string | undefined;
}

/** What a preset is built with. */
export interface PresetContext {
  readonly environment: string;
  readonly timeoutMs: number;
  /** Reports a variable that is missing or wrong. */
  readonly problem: (variable: keyof PresetVariables, message: string) => void;
}

type Build = (variables: PresetVariables, context: PresetContext) => ExportTarget | undefined;

const builders: Readonly<Record<PresetName, Build>> = {
  langfuse(variables, context) {
    const publicKey = required(variables, 'LANGFUSE_PUBLIC_KEY', 'langfuse', context);
    const secretKey = required(variables, 'LANGFUSE_SECRET_KEY', 'langfuse', context);
    const url = address(
      variables,
      'LANGFUSE_BASE_URL',
      'https://cloud.langfuse.com',
      'api/public/otel/v1/traces',
      context,
    );
    if (publicKey === undefined || secretKey === undefined || url === undefined) return undefined;
    return {
      name: 'langfuse',
      url,
      headers: {
        authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`,
        'x-langfuse-ingestion-version': '4',
      },
      protocol: 'protobuf',
      timeoutMs: context.timeoutMs,
      decorate: langfuseAttributes(context.environment),
    };
  },
  langsmith(variables, context) {
    const key = required(variables, 'LANGSMITH_API_KEY', 'langsmith', context);
    const url = address(
      variables,
      'LANGSMITH_ENDPOINT',
      'https://api.smith.langchain.com',
      'otel/v1/traces',
      context,
    );
    if (key === undefined || url === undefined) return undefined;
    const { LANGSMITH_PROJECT: project } = variables;
    return {
      name: 'langsmith',
      url,
      headers: { 'x-api-key': key, ...(project === undefined ? {} : { 'langsmith-project': project }) },
      protocol: 'protobuf',
      timeoutMs: context.timeoutMs,
      decorate: langsmithAttributes(),
    };
  },
  datadog(variables, context) {
    const key = required(variables, 'DD_API_KEY', 'datadog', context);
    const site = variables.DD_SITE ?? 'datadoghq.com';
    if (!/^[a-z0-9][a-z0-9.-]{0,100}$/.test(site)) {
      context.problem('DD_SITE', 'must be a site of Datadog such as datadoghq.eu');
      return undefined;
    }
    const url = address(variables, 'DD_OTLP_ENDPOINT', `https://otlp.${site}`, 'v1/traces', context);
    if (key === undefined || url === undefined) return undefined;
    return {
      name: 'datadog',
      url,
      headers: { 'dd-api-key': key, 'dd-otlp-source': 'llmobs' },
      protocol: 'protobuf',
      timeoutMs: context.timeoutMs,
    };
  },
};

/** The receiver of a preset. Undefined when one of its variables is missing or wrong; the context has the problem. */
export function presetTarget(
  name: PresetName,
  variables: PresetVariables,
  context: PresetContext,
): ExportTarget | undefined {
  return builders[name](variables, context);
}

/** A header takes only visible ASCII. */
function required(
  variables: PresetVariables,
  name: keyof PresetVariables,
  target: PresetName,
  { problem }: PresetContext,
): string | undefined {
  const value = variables[name];
  if (value !== undefined && /^[\x21-\x7e]{1,1000}$/.test(value)) return value;
  problem(name, `must be a credential of ${target}, because TELEMETRY_TARGETS names ${target}`);
  return undefined;
}

function address(
  variables: PresetVariables,
  name: keyof PresetVariables,
  fallback: string,
  path: string,
  { problem }: PresetContext,
): URL | undefined {
  const base = parseUrl(variables[name] ?? fallback);
  if (base === undefined || !/^https?:$/.test(base.protocol) || base.username !== '') {
    problem(name, 'must be an http or https URL without user');
    return undefined;
  }
  return new URL(path, base.pathname.endsWith('/') ? base : `${base.origin}${base.pathname}/`);
}
