import { UntranslatableError } from '../read/flow-import.errors.js';
import { codeBody } from './code-body.js';

describe('the body of a code step', () => {
  it('gets the names that it uses from its scope, and no name that it declares itself', () => {
    expect(codeBody('return items.map((item) => ({ json: item.json, a: $json.a }));').parameters).toEqual([
      '$json',
      'items',
    ]);
    expect(codeBody('const items = $input.all(); return items;').parameters).toEqual(['$input']);
    // A name of an inner scope hides nothing outside of it.
    expect(
      codeBody('for (const item of [1]) { const $json = item; } return [item, $json];').parameters,
    ).toEqual(['$json', 'item']);
    expect(
      codeBody('if (a()) { var item = 1; } function a() { return item; } return item;').parameters,
    ).toEqual([]);
    expect(codeBody('const { item: { items }, ...rest } = {}; return [items, rest];').parameters).toEqual([]);
  });

  it('reads the clock and random numbers that the run records', () => {
    expect(codeBody('return new Date() - Date.now() + Math.random();')).toMatchObject({
      source: 'return new Date(now) - now + random();',
      parameters: ['now', 'random'],
      usesClock: true,
      usesRandom: true,
      hazards: ['code', 'clock', 'random'],
    });
  });

  it('keeps its own names `now` and `random`', () => {
    expect(codeBody('const now = new Date();\nreturn { now };')).toMatchObject({
      source: 'const now = new Date(recordedNow);\nreturn { now };',
      parameters: ['now: recordedNow'],
    });
    expect(
      codeBody('return items.map((now, random, recordedNow) => [new Date(), Math.random()]);'),
    ).toMatchObject({
      source: 'return items.map((now, random, recordedNow) => [new Date(recordedNow2), recordedRandom()]);',
      parameters: ['items', 'now: recordedNow2', 'random: recordedRandom'],
    });
    // A member has no scope.
    expect(codeBody('return { now: Date.now() }.now;').parameters).toEqual(['now']);
  });

  it('may have dates of its own, and names the clock only where it reads it', () => {
    const source = 'const Date = 5; return [Date, new (class {})()];';
    expect(codeBody(source)).toMatchObject({ source, usesClock: false });
    expect(
      codeBody("return new Date('2026-01-01') instanceof Date && Date.UTC(2026) + Math.PI;").usesClock,
    ).toBe(false);
  });

  it('has no directive, because its parameters are a pattern', () => {
    expect(codeBody('"use strict";\nreturn items;').source).toBe('\nreturn items;');
  });

  it('names the nodes that it reads', () => {
    expect(codeBody("return [$('A').all(), $node['B'].json, $node.C.json];").nodes.toSorted()).toEqual([
      'A',
      'B',
      'C',
    ]);
  });

  it.each([
    ['closes its function', '} process.exit(1); {'],
    ['opens a second function', '}\nfunction other() {'],
    ['ends in a comment that stays open', 'return 1; /*'],
    ['has a comment of old browsers', 'return 1\n<!-- x'],
    ['needs the sloppy mode', 'with ({}) { return 1; }'],
    ['has an octal number', 'return 010;'],
    ['imports', 'import fs from "fs"; return fs;'],
    ['exports', 'export const a = 1;'],
  ])('is refused when it %s', (_why, source) => {
    expect(() => codeBody(source)).toThrow(UntranslatableError);
  });

  it.each([
    'return [].constructor;',
    "return []['constructor'];",
    "return []['con' + 'structor'];",
    'return []["con" + `struc${"tor"}`];',
    'const { constructor: make } = []; return make;',
    'const { constructor } = []; return constructor;',
    "const { ['constructor']: make } = []; return make;",
    'return ({}).__proto__;',
    'return { __proto__: null };',
    'Object.prototype.a = 1; return [];',
    'JSON.parse = 1; return [];',
    'delete Math.max; return [];',
    'Array = 1; return [];',
    'console.log = 1; return [];',
    'parseInt++; return [];',
    "return eval('1');",
    "return (0, eval)('1');",
    "return Function('return 1')();",
    "return new Function('return 1')();",
    "return import('fs');",
    'return import.meta.url;',
    'return new.target;',
    'return this;',
    'return arguments[0];',
    'return globalThis;',
    'return Reflect;',
    'return process.env;',
    "return require('fs');",
    "return fetch('https://a.example');",
    'return setTimeout;',
    'return crypto.randomUUID();',
    'return performance.now();',
    'return await 1;',
    'return (async () => 1)();',
    'undeclared = 1; return [];',
    'return Date();',
    'return Date.now;',
    "return Date['now']();",
    'const D = Date; return new D();',
    'return new Date(...[]);',
    'const { random } = Math; return random();',
    "return Math['ran' + 'dom']();",
    'return Math[items[0]];',
    'const f = $; return f("A");',
    'return $(items[0]);',
    'return $`A`;',
    'return $node[items[0]];',
    'return "\u202e";',
  ])('%s is refused', (source) => {
    expect(() => codeBody(source)).toThrow(UntranslatableError);
  });

  it('may use these words as texts, labels and members', () => {
    const source =
      "process: for (const fetch of ['eval']) { if (fetch) continue process; } return { process: 1, fetch() {} }.fetch;";
    expect(codeBody(source).source).toBe(source);
  });
});
