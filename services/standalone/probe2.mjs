import pg from 'pg';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startDevstack, createDatabase } from '@action-mesh/devstack';
import { startProviderSimulator } from '@action-mesh/testing';
import { OpenResources } from '@action-mesh/platform';
import { OwnTopics } from './dist/processes/own-topics.js';
import { closedLoop } from './dist/bench/closed-loop.js';
import { httpLoad, kafkaLoad } from './dist/bench/mesh-load.js';
import { fileURLToPath } from 'node:url';
const devstack = await startDevstack({ need: ['kafka', 'postgres'] });
const topics = new OwnTopics(devstack.kafkaBrokers, 'probe');
const db = await createDatabase(devstack.databaseUrl, 'mesh_probe');
{
  const c = new pg.Client({ connectionString: db.url });
  await c.connect();
  await c.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET track_functions = ''all''', current_database()); END $$`,
  );
  await c.end();
}
const sim = await startProviderSimulator({ compact: true });
const kids = [];
async function start(name, env) {
  const prof = process.argv.includes('--prof')
    ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof', `--cpu-prof-name=${name}.cpuprofile`]
    : [];
  const c = fork('services/standalone/dist/processes/main.js', [name], {
    execArgv: prof,
    env: {
      PORT: '0',
      LOG_LEVEL: 'warn',
      KAFKA_BROKERS: devstack.kafkaBrokers.join(','),
      KAFKA_TOPIC_PREFIX: topics.prefix,
      ...env,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  kids.push(c);
  const [m] = await once(c, 'message');
  return m.url;
}
const ex = await start('executor', { DATABASE_URL: db.url, EGRESS_ALLOW: new URL(sim.url).host });
await start('catalog', {
  CATALOG_TOOLS: fileURLToPath(new URL('./dist/bench/tools', import.meta.url)),
  CATALOG_PROVIDER_URLS: JSON.stringify({ sim_bench: sim.url }),
});
const gw = await start('gateway', { EXECUTOR_URL: ex });
for (;;) {
  const r = await fetch(gw + '/health/ready');
  if (r.ok) break;
  await new Promise((r) => setTimeout(r, 100));
}
if (process.argv.includes('--noflush')) {
  const { Kafka } = await import('kafkajs');
  const a = new Kafka({ brokers: devstack.kafkaBrokers }).admin();
  await a.connect();
  await a.alterConfigs({
    resources: ['mesh.calls', 'mesh.ingress'].map((n) => ({
      type: 2,
      name: topics.prefix + n,
      configEntries: [{ name: 'flush.messages', value: '9223372036854775807' }],
    })),
  });
  await a.disconnect();
}
const pgc = new pg.Client({ connectionString: db.url });
await pgc.connect();
const open = new OpenResources();
const mode = process.argv[2];
const c = Number(process.argv[3]);
const n = Number(process.argv[4]);
const load =
  mode === 'http'
    ? httpLoad(gw, open)
    : await kafkaLoad({ brokers: devstack.kafkaBrokers, clientId: 'b', topicPrefix: topics.prefix }, open);
const cpu0 = process.cpuUsage();
console.log(mode, await closedLoop(c, n, load.perform), load.failures());
const cpu = process.cpuUsage(cpu0);
console.log('loadgen cpu us/call', Math.round((cpu.user + cpu.system) / n));
for (const k of kids) {
  const { execSync } = await import('node:child_process');
  console.log(execSync(`ps -o pid,time,cputimes,args -p ${k.pid} | tail -1`).toString().trim().slice(0, 120));
}
console.table(
  (
    await pgc.query(
      'select funcname, calls, round((total_time/calls)::numeric,2) mean_ms, round((self_time/calls)::numeric,2) self_ms from pg_stat_user_functions order by total_time desc limit 6',
    )
  ).rows,
);
await pgc.end();
await open.close();
for (const k of kids.reverse()) {
  k.kill('SIGTERM');
  await once(k, 'exit');
}
await sim.stop();
await topics[Symbol.asyncDispose]();
await db.drop();
await devstack.stop();
