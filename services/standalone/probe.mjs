import { startDevstack, createDatabase } from '@action-mesh/devstack';
import { startProviderSimulator } from '@action-mesh/testing';
import { MeshProcesses } from './dist/processes/mesh-processes.js';
import { OwnTopics } from './dist/processes/own-topics.js';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import pg from 'pg';
const devstack = await startDevstack({ need: ['kafka', 'postgres'] });
const topics = new OwnTopics(devstack.kafkaBrokers, 'probe');
const db = await createDatabase(devstack.databaseUrl, 'mesh_probe');
const sim = await startProviderSimulator({ compact: true });
const mesh = await MeshProcesses.start({
  devstack,
  topicPrefix: topics.prefix,
  databaseUrl: db.url,
  tools: fileURLToPath(new URL('./dist/bench/tools', import.meta.url)),
  providerUrls: { sim_bench: sim.url },
  egressAllow: [new URL(sim.url).host],
  onUnexpectedExit: (e) => console.error(e),
});
const pool = new Pool(mesh.gatewayUrl);
const d = { total: [], acc_rec: [], rec_end: [], end_resp: [] };
for (let i = 0; i < 250; i++) {
  const t0 = Date.now();
  const p0 = performance.now();
  const r = await pool.request({
    method: 'POST',
    path: '/v1/tools/bench_echo/execute',
    headers: { authorization: 'Bearer mesh-dev-key', 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: 'u', agent: { id: 'a', run_id: 'r' }, arguments: { text: 'x' + i } }),
  });
  const o = await r.body.json();
  const t1 = Date.now();
  if (i > 50) {
    d.total.push(performance.now() - p0);
    d.acc_rec.push(Date.parse(o.received_at) - t0);
    d.rec_end.push(Date.parse(o.ended_at) - Date.parse(o.received_at));
    d.end_resp.push(t1 - Date.parse(o.ended_at));
  }
}
for (const [k, v] of Object.entries(d)) {
  v.sort((a, b) => a - b);
  console.log(k, 'p50', v[100].toFixed(1), 'p90', v[180].toFixed(1), 'p99', v[197].toFixed(1));
}
if (process.argv[2]) {
  console.log('pids', [...mesh.pids]);
}
await mesh[Symbol.asyncDispose]();
await sim.stop();
await topics[Symbol.asyncDispose]();
await pool.close();
await db.drop();
await devstack.stop();
