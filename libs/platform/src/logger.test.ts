import { Writable } from 'node:stream';

import { defined } from '@action-mesh/kernel';

import { createLogger, type Logger } from './logger.js';
import { NestLogger } from './nest-logger.js';

type Line = Readonly<Record<string, unknown>>;

function capture(level?: 'debug'): {
  readonly logger: Logger;
  readonly lines: () => readonly Line[];
  readonly text: () => string;
} {
  let text = '';
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const logger = createLogger({ service: 'test', destination, ...defined({ level }) });
  return {
    logger,
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line),
  };
}

describe('createLogger', () => {
  it('writes one line of JSON with level, time and service', () => {
    const { logger, lines } = capture();
    logger.info({ call_id: 'c1' }, 'hello');
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        service: 'test',
        call_id: 'c1',
        msg: 'hello',
      },
    ]);
  });

  it('leaves out entries below its level', () => {
    const { logger, lines } = capture();
    logger.debug('quiet');
    expect(lines()).toEqual([]);
  });

  it('never prints members that are secret by name, at any depth, in fields or bindings', () => {
    const { logger, text } = capture();
    logger.info({
      authorization: 'canary',
      request: { headers: { Cookie: 'canary', 'set-cookie': ['canary'], 'x-api-key': 'canary' } },
      items: [{ access_token: 'canary', clientSecret: 'canary', password: { old: 'canary' } }],
    });
    logger.child({ privateKey: 'canary' }).info('bound');
    expect(text()).not.toContain('canary');
    expect(text()).toContain('[redacted]');
  });

  it('keeps numbers under names that only sound secret', () => {
    const { logger, lines } = capture();
    logger.info({ max_tokens: 5 });
    expect(lines()[0]).toMatchObject({ max_tokens: 5 });
  });

  it.each([
    'Bearer canary-canary-canary',
    'Basic Y2FuYXJ5OmNhbmFyeQ==',
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.canary',
    'xoxb-canary-canary',
    'ghp_canarycanarycanary1',
    'ya29.canarycanary',
    'sk_live_canarycanary',
    'mesh_live_0123456789abcdef_canarycanary',
    'meshpub_dev_0123456789abcdef_canarycanary',
    'postgres://canary:canary@localhost/db',
  ])('never prints %s in any place', (secret) => {
    const { logger, lines, text } = capture();
    logger.info({ note: `before ${secret} after` }, `message ${secret}`);
    logger.error({ err: new Error(`failed with ${secret}`) });
    expect(text().toLowerCase()).not.toMatch(/canary|y2fuyxj5/);
    expect(lines()).toHaveLength(2);
  });

  it('prints type, code, message, stack and cause of an error, and no other member', () => {
    const { logger, lines, text } = capture();
    const error = Object.assign(new Error('outer', { cause: new TypeError('inner') }), {
      code: 'E_TEST',
      request: { headers: { host: 'canary' } },
    });
    logger.error({ err: error }, 'failed');
    expect(lines()[0]).toMatchObject({
      err: {
        type: 'Error',
        code: 'E_TEST',
        message: 'outer',
        cause: { type: 'TypeError', message: 'inner' },
      },
    });
    expect(text()).not.toContain('canary');
  });

  it('survives cycles, bytes and depth', () => {
    const { logger, lines } = capture();
    const cycle: Record<string, unknown> = { bytes: Buffer.alloc(3) };
    cycle['self'] = cycle;
    logger.info({ cycle });
    expect(lines()[0]).toMatchObject({ cycle: { bytes: '[3 bytes]' } });
  });
});

describe('NestLogger', () => {
  it("turns Nest's start messages into debug lines, and keeps errors with their context", () => {
    const { logger, lines } = capture('debug');
    const nest = new NestLogger(logger);
    nest.log('Starting', 'NestFactory');
    nest.error(new Error('boom'), undefined, 'Handler');
    nest.warn({ odd: true });
    expect(lines()).toMatchObject([
      { level: 'debug', msg: 'Starting', context: 'NestFactory' },
      { level: 'error', msg: 'boom', context: 'Handler', err: { message: 'boom' } },
      { level: 'warn', msg: '{"odd":true}' },
    ]);
  });
});
