import { catalogConfig, startCatalog } from '@action-mesh/catalog';

import { runProcess } from '../run-process.js';

await runProcess(process.env, (environment) => startCatalog(catalogConfig(environment)));
