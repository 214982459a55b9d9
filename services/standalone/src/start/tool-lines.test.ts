import type { PublicationReport } from '@action-mesh/catalog';

import { toolWarnings } from './tool-lines.js';

const report: PublicationReport = {
  published: [],
  withdrawn: [],
  unchanged: 0,
  held: [],
  unconfirmed: ['my_read@1.0.0'],
  refused: [],
  locations: [],
  unreachable: [],
  toolkits: [],
};

it.each([
  ['', 'CATALOG_WITHDRAW=yes npm start'],
  ['./mytools,/else/where', 'CATALOG_TOOLS=./mytools,/else/where CATALOG_WITHDRAW=yes npm start'],
  ["./Ada's tools", `CATALOG_TOOLS='./Ada'\\''s tools' CATALOG_WITHDRAW=yes npm start`],
])('names the whole command that withdraws tools, with CATALOG_TOOLS=%s', (ownTools, command) => {
  expect(toolWarnings(report, ownTools)).toEqual([
    `kept although no folder defines them any more: my_read@1.0.0. ${command} withdraws them`,
  ]);
});
