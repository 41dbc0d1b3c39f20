import { writeFileSync } from 'node:fs';
import { type Api, ApiProblem, createApi, dataOf } from '@smartserver/client';
import type { CreateOfflineActivationRequest, OfflineActivation, OfflineReturn } from '@smartserver/contracts';
import { eventually } from '@smartserver/testing';
import type { CloudBench } from './cloud-bench.ts';

/** Who has a License ID, a browser and a memory stick: uses the public API as the License Customer Portal does. */
export class Customer {
  private readonly cloud: CloudBench;
  private readonly api: Api;

  constructor(cloud: CloudBench) {
    this.cloud = cloud;
    this.api = createApi({ baseUrl: 'http://127.0.0.1:8080', fetch: cloud.fetch, retries: 0 });
  }

  /** Makes the license file. @returns where it is, and what the cloud says of it */
  async activate(
    request: Pick<CreateOfflineActivationRequest, 'installCode' | 'requestFile'> & { licenseId: string },
    saveAs: string,
  ): Promise<OfflineActivation> {
    const token = await this.signIn(request.licenseId);
    const made = await dataOf(this.api.as(token).POST('/v1/offline-activations', { body: request }));
    await this.download(made, saveAs);
    return made;
  }

  async download({ offlineActivationId, licenseId }: OfflineActivation, saveAs: string): Promise<void> {
    const authorization = `Bearer ${await this.signIn(licenseId)}`;
    const url = `http://127.0.0.1:8080/v1/offline-activations/${offlineActivationId}/file`;
    const answer = await this.cloud.fetch(url, { headers: { authorization } });
    if (!answer.ok) throw new Error(await answer.text());
    writeFileSync(saveAs, Buffer.from(await answer.arrayBuffer()));
  }

  async handIn(receipt: string, licenseId: string): Promise<OfflineReturn> {
    const token = await this.signIn(licenseId);
    return dataOf(this.api.as(token).POST('/v1/offline-returns', { body: { receipt } }));
  }

  /** The root key as it comes with the firmware. */
  async saveRootKey(file: string): Promise<void> {
    const { root } = await dataOf(this.api.GET('/v1/license-keys'));
    writeFileSync(file, root.publicKey);
  }

  /** The license may have been transferred a moment ago. */
  private async signIn(licenseId: string): Promise<string> {
    const session = await eventually(
      async () => {
        try {
          return await dataOf(this.api.POST('/v1/portal/sessions', { body: { licenseId } }));
        } catch (error) {
          if (error instanceof ApiProblem) return null;
          throw error;
        }
      },
      { timeoutMs: 20_000, intervalMs: 100 },
    );
    if (!session) throw new Error('The customer cannot sign in with this License ID.');
    return session.accessToken;
  }
}

/** @returns code and detail of the problem that an answer is */
export const problemOf = async (work: Promise<unknown>): Promise<{ code: string; detail: string }> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof ApiProblem) return { code: error.code, detail: error.detail ?? '' };
    throw error;
  }
  throw new Error('It was no problem.');
};
