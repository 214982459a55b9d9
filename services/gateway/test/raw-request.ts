import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: string;
  /** The `code` of a problem document. */
  readonly code: string | undefined;
}

/** Sends a request whose target and headers go over the wire unchanged. */
export async function rawRequest(
  url: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const sent: Readonly<Record<string, string | undefined>> = {
    host: '127.0.0.1',
    'content-length': '0',
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(sent).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  socket.write([`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
  return {
    status: Number(head.slice('HTTP/1.1 '.length).split(' ', 1)[0]),
    headers: head.toLowerCase(),
    code: /"code":"(\w+)"/.exec(body)?.[1],
  };
}
