import { catalogConfig, startCatalog } from '@action-mesh/catalog';

import { runProcess } from './run-process.js';

await runProcess((environment) => startCatalog(catalogConfig(environment)));
