import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportPublicKey, generateKey } from '@smartserver/license-document';
import { eventually } from '@smartserver/testing';
import { altered, answerLost, busy, page, requestLost } from './cloud-bench.ts';
import { type ProblemAnswer, Site } from './site.ts';

const site = Site.install();

const activationKeys = () =>
  site.cloud.requests.filter(({ path }) => path.endsWith('/activations')).map(({ key }) => key);

describe('the network fails', () => {
  test('an answer lost on the way is asked for again under the same key: one activation', async () => {
    const id = await site.license();
    const box = await site.linkedBox(id);
    const before = (await box.serial()) ?? 0;
    site.cloud.fail(/\/activations$/, answerLost, requestLost);
    expect(await box.cms('download', id)).toBe(0);
    expect(activationKeys()).toHaveLength(3);
    expect(new Set(activationKeys()).size).toBe(1);
    expect(box.pauses).toEqual([100, 200]);
    expect(await box.serial()).toBe(before + 1);
  });

  test('after giving up, the same command goes on under the same key', async () => {
    const id = await site.license();
    const box = await site.linkedBox(id);
    site.cloud.fail(/\/activations$/, answerLost, ...Array.from({ length: 5 }, () => requestLost));
    expect(await box.cms('download', id)).toBe(1);
    expect(box.err).toContain('The cloud cannot be reached');
    expect(box.err).toContain('nothing is done twice');
    expect(await box.cms('download', id)).toBe(0);
    expect(activationKeys()).toHaveLength(7);
    expect(new Set(activationKeys()).size).toBe(1);
    expect(await box.licenses()).toMatchObject([{ licenseId: id }]);
  });

  test('a busy cloud is asked again when it said, or later each time', async () => {
    const id = await site.license();
    const box = await site.linkedBox(id);
    site.cloud.fail(/\/activations$/, busy('rate_limited', 7), busy('unavailable', 0), busy('unavailable', 1));
    expect(await box.cms('download', id)).toBe(0);
    expect(box.pauses).toEqual([7_000, 200, 1_000]);
    expect(new Set(activationKeys()).size).toBe(1);
  });

  test('a lost answer to a sign-in does not lock the device out', async () => {
    const box = site.newBox();
    site.cloud.fail(/\/cms\/sessions$/, answerLost);
    expect(await box.link()).toBe(0);
  });

  test('the table is shown from the stored document', async () => {
    const id = await site.license();
    const box = await site.linkedBox(id);
    await box.cms('download', id);
    box.fetch = () => Promise.reject(new TypeError('fetch failed'));
    expect(await box.cms('licenses')).toBe(0);
    expect(box.out).toContain(id);
    expect(box.err).toContain('the cloud cannot be reached');
  });

  test('an address where something else answers is said to be wrong', async () => {
    const box = site.newBox();
    site.cloud.fail(/./, page);
    expect(await box.link()).toBe(1);
    expect(box.err).toContain('does not answer like the license cloud');
  });
});

describe('documents that must not be used', () => {
  test('an answer with the document of another SmartServer is refused, and the store stays as it was', async () => {
    const [mine, theirs] = [await site.license(), await site.license()];
    const box = await site.linkedBox(mine, theirs);
    const other = await site.linkedBox(theirs);
    let stolen = '';
    site.cloud.fail(
      /\/activations$/,
      altered(({ document }) => {
        stolen = document.jws;
      }),
    );
    await other.cms('download', theirs);
    site.cloud.fail(
      /\/activations$/,
      altered((body) => {
        body.document.jws = stolen;
      }),
    );
    const { problem } = await box.json<ProblemAnswer>('download', mine);
    expect(problem.code).toBe('document_wrong_controller');
    expect(await box.cms('verify')).toBe(1);
    // The genuine one is fetched as the message advises.
    expect(await box.licenses()).toMatchObject([{ licenseId: mine }]);
  });

  test('an old document of this SmartServer does not bring back a returned license', async () => {
    const [first, second] = [await site.license(), await site.license()];
    const box = await site.linkedBox(first, second);
    let old = '';
    site.cloud.fail(
      /\/activations$/,
      altered(({ document }) => {
        old = document.jws;
      }),
    );
    await box.cms('download', first, second);
    await box.cms('return', first);
    site.cloud.fail(
      /\/returns$/,
      altered((body) => {
        body.document.jws = old;
      }),
    );
    const { problem } = await box.json<ProblemAnswer>('return', second, '--yes');
    expect(problem.code).toBe('document_superseded');
    expect(await box.licenses()).toEqual([]);
  });

  test('with another root key in the firmware, the cloud’s documents are refused', async () => {
    const id = await site.license();
    const box = site.newBox();
    const file = join(box.folder, 'root.pem');
    writeFileSync(file, exportPublicKey(generateKey()));
    expect(await box.link('--root-key', file)).toBe(0);
    const download = async () => {
      const { problem } = await box.json<ProblemAnswer>('download', id);
      return problem.code === 'license_not_found' ? null : problem.code;
    };
    expect(await eventually(download, { timeoutMs: 20_000 })).toBe('document_root_unknown');
  });

  test('a file that holds no public key is refused before anything is asked', async () => {
    const box = site.newBox();
    const file = join(box.folder, 'root.pem');
    writeFileSync(file, 'no key');
    expect(await box.link('--root-key', file)).toBe(1);
    expect(box.err).toContain('The root key cannot be used');
    expect(site.cloud.requests).toEqual([]);
  });
});
