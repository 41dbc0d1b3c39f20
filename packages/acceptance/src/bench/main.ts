import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hasRedis } from '@smartserver/testing';
import { TestSystem } from '../system/system.ts';
import { activationFigures } from './activation.ts';
import { embeddedFigures } from './embedded.ts';
import { TokenMint } from './estate.ts';
import type { Figure } from './figure.ts';
import { noticeFigures } from './notices.ts';
import { readFigures } from './read.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const rounds = Number(values.rounds);
const wanted = (name: string) => values.only === '' || values.only === name;

async function processFigures(): Promise<Figure[]> {
  const mint = await TokenMint.open();
  const queue = hasRedis() ? 'redis' : 'postgres';
  console.log(`Separate processes, queues on ${queue}.`);
  const system = await TestSystem.start({ queue, environment: { JWKS_URL: mint.url } });
  try {
    return [
      ...(wanted('read') ? await readFigures(system, mint, rounds) : []),
      ...(wanted('activation') ? await activationFigures(system, mint, rounds) : []),
    ];
  } finally {
    await system.stop();
    await mint.close();
  }
}

/** `npm run bench`: each figure next to its floor, measured alternately in one run. `--json FILE` writes them. */
const figures = [
  ...(wanted('embedded') ? await embeddedFigures(rounds) : []),
  ...(wanted('notices') ? await noticeFigures(rounds) : []),
  ...(wanted('read') || wanted('activation') ? await processFigures() : []),
];
for (const { name, unit, ours, floor, ratio } of figures) {
  console.log(`${name}\n    ours ${ours} ${unit}   floor ${floor} ${unit}   ratio ${ratio}`);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
