import 'reflect-metadata';

import { defineEvent, newId, type EventDefinition } from '@action-mesh/kernel';
import type { INestMicroservice } from '@nestjs/common';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { z } from 'zod';

import { KafkaJsClient } from '../src/adapter/kafkajs-client.js';
import { TopicReader } from '../src/consumer/topic-reader.js';
import type { RecordContext } from '../src/index.js';
import {
  DEAD_LETTER_MAX_RECORD_BYTES,
  encodeEvent,
  ensureTopics,
  EventHandler,
  KafkaProducer,
  KafkaTransport,
  type EventHandlerOptions,
  type IncomingRecord,
  type KafkaClientOptions,
  type KafkaTransportOptions,
  type Outcome,
  type OutgoingRecord,
  type TopicSpec,
} from '../src/index.js';

const schema = z.object({ key: z.string(), n: z.number().int(), sentAtMs: z.number().optional() });

export type Drawn = z.infer<typeof schema>;
export type DrawnEvent = EventDefinition<typeof schema>;

/** An event on a topic that no other test uses. */
export function drawnEvent(topic: string): DrawnEvent {
  return defineEvent({
    topic,
    type: 'test.number.drawn',
    version: 1,
    description: 'a number was drawn',
    key: (data) => data.key,
    schema,
  });
}

export function encodeDrawn(event: DrawnEvent, n: number, key = `key-${n}`): OutgoingRecord {
  return encodeEvent(
    event,
    { key, n, sentAtMs: performance.timeOrigin + performance.now() },
    { source: '/test' },
  );
}

/**
 * A client of the broker that the tests share, or of another one. `KAFKA_CLIENT_PATCHES=false` tests plain kafkajs.
 */
export function clientOptions(brokers?: readonly string[]): KafkaClientOptions {
  return {
    brokers: brokers ?? (process.env['KAFKA_BROKERS'] ?? '').split(','),
    clientId: 'messaging-test',
    patches: process.env['KAFKA_CLIENT_PATCHES'] !== 'false',
  };
}

export interface Topics {
  readonly topic: string;
  readonly deadLetters: string;
}

/** Creates a topic for one test, and one for its dead letters. */
export async function makeTopics(
  client: KafkaClientOptions,
  partitions: number,
  config: TopicSpec['config'] = {},
): Promise<Topics> {
  const topic = `messaging-test.${newId()}`;
  const deadLetters = `${topic}.dlq`;
  await ensureTopics(client, [
    { name: topic, partitions, replicationFactor: 1, config },
    { name: deadLetters, partitions: 1, replicationFactor: 1, config: { 'max.message.bytes': '2000000' } },
  ]);
  return { topic, deadLetters };
}

export interface RunningServer extends AsyncDisposable {
  readonly server: KafkaTransport;
  readonly app: INestMicroservice;
  close(): Promise<void>;
}

export type Handler = (data: Drawn, context: RecordContext) => Promise<Outcome>;

/** A listening Nest microservice with one controller and one handler. */
export async function startServer(
  client: KafkaClientOptions,
  { topic, deadLetters }: Topics,
  handler: Handler,
  options: Partial<KafkaTransportOptions> & { readonly handler?: EventHandlerOptions } = {},
): Promise<RunningServer> {
  const { handler: handlerOptions, ...serverOptions } = options;
  class NumbersController {
    onDrawn(data: Drawn, context: RecordContext): Promise<Outcome> {
      return handler(data, context);
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(NumbersController.prototype, 'onDrawn') ?? {};
  EventHandler(drawnEvent(topic), handlerOptions)(NumbersController.prototype, 'onDrawn', descriptor);
  Object.defineProperty(NumbersController.prototype, 'onDrawn', descriptor);
  Payload()(NumbersController.prototype, 'onDrawn', 0);
  Ctx()(NumbersController.prototype, 'onDrawn', 1);
  Controller()(NumbersController);
  return startController(client, { topic, deadLetters }, NumbersController, serverOptions);
}

export async function startController(
  client: KafkaClientOptions,
  { topic, deadLetters }: Topics,
  controller: new () => object,
  options: Partial<KafkaTransportOptions> = {},
): Promise<RunningServer> {
  const producer = new KafkaProducer({
    client,
    topics: [deadLetters],
    maxRecordBytes: DEAD_LETTER_MAX_RECORD_BYTES,
  });
  const server = new KafkaTransport({
    client,
    groupId: `group-of-${topic}`,
    deadLetters: { topic: deadLetters, producer },
    ...options,
  });
  class TestModule {}
  Module({ controllers: [controller] })(TestModule);
  const nestOptions: object = { strategy: server, logger: false };
  const app = await NestFactory.createMicroservice(TestModule, nestOptions);
  await app.listen();
  const close = async (): Promise<void> => {
    await app.close();
    await producer.close();
  };
  return { server, app, close, [Symbol.asyncDispose]: close };
}

/** All records that a topic holds now. */
export async function readAll(client: KafkaClientOptions, topic: string): Promise<IncomingRecord[]> {
  const records: IncomingRecord[] = [];
  const reader = new TopicReader(new KafkaJsClient(client), {
    clientId: 'messaging-test',
    topic,
    from: 'beginning',
    onRecords: (batch) => void records.push(...batch),
  });
  const caughtUp = reader.caughtUp();
  await reader.start();
  await caughtUp;
  await reader.close();
  return records;
}

/** The value below which the given share of the values lies. */
export function percentileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
