import type { Command } from 'commander';

import { errorMessage } from '@action-mesh/kernel';

import { CliUsageError } from '../cli.errors.js';
import { bad, good, type DoctorFinding } from '../doctor/finding.js';
import { gatewayFindings } from '../doctor/gateway-checks.js';
import { meshFindings } from '../doctor/mesh-checks.js';
import { exitCodes } from '../exit-code.js';
import type { CommandContext, CommandSession } from '../program/command-session.js';
import { printable } from '../tools-import/shown-text.js';

/** The oldest Node.js that the clients support. */
const oldestNode = [20, 19] as const;

/** Adds `mesh doctor`. */
export function addDoctor(program: Command, session: CommandSession): void {
  program
    .command('doctor')
    .description('check this machine, the key and every part of the mesh, and say how to mend it')
    .action(session.action(diagnose));
}

async function diagnose(context: CommandContext): Promise<number> {
  const { output } = context;
  const progress = output.progress(() => 'checking');
  const findings = await allFindings(context).finally(() => progress.done());
  await output.show({ findings }, () => findings.map((finding) => findingText(finding, context)).join('\n'));
  const broken = findings.filter(({ status }) => status === 'bad');
  if (broken.length === 0) return exitCodes.done;
  return broken.some(({ check }) => check === 'gateway' || check === 'key')
    ? exitCodes.unreachable
    : exitCodes.failed;
}

async function allFindings(context: CommandContext): Promise<readonly DoctorFinding[]> {
  const findings = [nodeFinding(process.versions.node)];
  let access;
  try {
    access = await context.access();
  } catch (error) {
    if (!(error instanceof CliUsageError)) throw error;
    return [...findings, bad('key', errorMessage(error), 'Run `mesh login`, or set MESH_URL and MESH_KEY.')];
  }
  findings.push(good('settings', `The key comes from ${access.source}.`));
  const gateway = await gatewayFindings(access.url, context.world.signal);
  const isReachable = gateway.some(({ check, status }) => check === 'gateway' && status === 'good');
  const rest = isReachable ? await meshFindings(await context.mesh(), context.request) : [];
  return [...findings, ...gateway, ...rest];
}

/** Checks a version of Node.js. */
export function nodeFinding(version: string): DoctorFinding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNew = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return isNew
    ? good('Node.js', version)
    : bad('Node.js', `${version} is too old.`, `Install Node.js ${oldestNode.join('.')} or newer.`);
}

function findingText(
  { check, status, message, fix }: DoctorFinding,
  { output: { paint } }: CommandContext,
): string {
  const mark = { good: paint('good', 'ok  '), warning: paint('open', 'warn'), bad: paint('bad', 'BAD ') }[
    status
  ];
  const line = `${mark}  ${printable(`${check}: ${message}`)}`;
  return fix === undefined ? line : `${line}\n      ${printable(`fix: ${fix}`)}`;
}
