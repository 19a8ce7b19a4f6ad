import { mkdtempSync } from 'node:fs';
import { openEmbedded } from '/work/main/conformance/target/embedded.js';
import { judge } from '/work/main/conformance/cases/record/codec-target.js';
import { stacieServerCases } from '/work/main/conformance/cases/stacie-server/index.js';
import { faults } from '/work/main/conformance/faults/stacie-server-faults.js';
const dir = mkdtempSync('/tmp/keys-');
const only = process.argv.slice(2);
const caughtBy = new Map<string, Set<string>>();
for (const fault of faults) {
  if (only.length && !only.includes(fault.id) && !only.includes(fault.breaks)) continue;
  const began = performance.now();
  const hooks = fault.freshHooks?.() ?? fault.hooks ?? {};
  const target = await openEmbedded({ version: '0', dir, hooks });
  const rows: string[] = [];
  for (const c of stacieServerCases.filter((c) => c.decides.includes(fault.breaks))) {
    const o = await judge(c, target, 20);
    const ok = o.failure?.requirement === fault.breaks || o.observations.taken.get(fault.breaks) === false;
    const key = `${c.id} ${fault.breaks}`; const set = caughtBy.get(key) ?? new Set(); caughtBy.set(key, set); if (ok) set.add(fault.id);
    rows.push(`${ok ? 'ok' : 'NO'} ${c.id}: ${o.failure ? o.failure.requirement + ' ' + o.failure.expected.slice(0,60) + ' / ' + o.failure.actual.slice(0, 100) : o.undecided?.reason ?? 'passed'}`);
  }
  const t0 = performance.now();
  await target.close();
  if (rows.every((r) => r.startsWith('NO')) || only.length) console.log(fault.id, fault.breaks, Math.round(performance.now() - began), Math.round(performance.now()-t0), '\n   ', rows.join('\n    '));
}
for (const [k, s] of caughtBy) if (s.size === 0) console.log('BLIND', k);
const all = new Set(stacieServerCases.flatMap((c) => c.decides)); for (const id of all) if (!faults.some((f) => f.breaks === id)) console.log('NOFAULT', id);
