import type { ServerResponse } from 'node:http';

import type { ExactTexts } from './exact-texts.js';

/** The time in which a host takes the next part of an answer, milliseconds. A slower one is disconnected. */
const slowMs = 30_000;

const frameEnd = '\n\n';

/**
 * Writes the answer of the protocol library to a host.
 *
 * - MR1: an answer waits in memory for a slow host at most {@link slowMs}.
 */
export async function writeReply(
  response: ServerResponse,
  answer: Response,
  exact: ExactTexts,
  extraHeaders: Readonly<Record<string, string>>,
): Promise<void> {
  const type = answer.headers.get('content-type') ?? '';
  const headers = {
    ...Object.fromEntries(answer.headers),
    ...extraHeaders,
    'x-content-type-options': 'nosniff',
  };
  if (answer.body === null || !type.startsWith('text/event-stream')) {
    const text = exact.restore(await answer.text());
    response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(text) });
    response.end(text);
    await finished(response);
    return;
  }
  response.writeHead(answer.status, headers);
  // A host reads the head before the first message, which can take as long as the call.
  response.flushHeaders();
  let rest = '';
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    const end = rest.lastIndexOf(frameEnd) + frameEnd.length;
    if (end < frameEnd.length) continue;
    const frames = rest.slice(0, end);
    rest = rest.slice(end);
    if (!response.write(exact.isEmpty ? frames : exact.restore(frames)) && !(await drained(response))) return;
  }
  response.end(rest);
  await finished(response);
}

/** False: the host is too slow, or has gone. */
function drained(response: ServerResponse): Promise<boolean> {
  return event(response, 'drain');
}

function finished(response: ServerResponse): Promise<boolean> {
  return response.writableFinished ? Promise.resolve(true) : event(response, 'finish');
}

function event(response: ServerResponse, name: 'drain' | 'finish'): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isThere: boolean): void => {
      clearTimeout(timer);
      response.off(name, there).off('close', gone);
      resolve(isThere);
    };
    const there = (): void => settle(true);
    const gone = (): void => settle(false);
    const timer = setTimeout(() => {
      response.destroy();
      settle(false);
    }, slowMs);
    response.once(name, there).once('close', gone);
    if (response.destroyed) gone();
  });
}
