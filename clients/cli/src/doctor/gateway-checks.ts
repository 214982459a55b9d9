import { errorMessage } from '@action-mesh/kernel';
import { z } from 'zod';

import { bad, good, warning, type DoctorFinding } from './finding.js';

/** A larger difference makes tokens and webhook signatures look expired. */
const mostSkewMs = 5_000;
const timeoutMs = 10_000;

const healthSchema = z.looseObject({
  status: z.string(),
  problems: z.record(z.string(), z.string()).optional(),
});

/** Checks that the gateway answers, that its parts are ready, and that the clocks agree. */
export async function gatewayFindings(url: string, signal: AbortSignal): Promise<readonly DoctorFinding[]> {
  const sentMs = Date.now();
  let response;
  let text;
  try {
    response = await fetch(`${url}/health/ready`, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    text = (await response.text()).slice(0, 100_000);
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? errorMessage(error.cause) : '';
    return [
      bad(
        'gateway',
        `${url} cannot be reached${cause === '' ? '' : ` (${cause})`}.`,
        'Start the mesh (npm start), or set MESH_URL, --url or a profile to its address.',
      ),
    ];
  }
  const health = readHealth(text);
  if (health === undefined) {
    return [
      bad(
        'gateway',
        `${url} answers with status ${response.status}, but not as a mesh does.`,
        'Check the address, and the proxies before it.',
      ),
    ];
  }
  const problems = Object.entries(health.problems ?? {}).map(([part, problem]) =>
    bad(part, problem, `Look at the log of the gateway, and at ${part}.`),
  );
  return [
    good('gateway', `${url} answers.`),
    ...(response.status === 200
      ? [good('readiness', 'Kafka and the distributed data are ready.')]
      : problems),
    clockFinding(response.headers.get('date'), sentMs, Date.now()),
  ];
}

function readHealth(text: string): z.infer<typeof healthSchema> | undefined {
  try {
    return healthSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Compares the clocks. The header has whole seconds, so the answer is no more exact. */
export function clockFinding(date: string | null, sentMs: number, receivedMs: number): DoctorFinding {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) {
    return warning('clock', 'The gateway sends no Date.', 'Let the proxies before it pass the header Date.');
  }
  // The time of the gateway lies between `theirs` and one second later.
  const skewMs = Math.max(0, sentMs - (theirs + 1_000), theirs - receivedMs);
  if (skewMs <= mostSkewMs) return good('clock', 'The clocks of this machine and of the gateway agree.');
  return bad(
    'clock',
    `The clocks of this machine and of the gateway differ by ${Math.round(skewMs / 1_000)} s.`,
    'Synchronize the clocks by NTP (timedatectl set-ntp true).',
  );
}
