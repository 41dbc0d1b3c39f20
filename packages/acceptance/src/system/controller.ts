import { type KeyObject, randomUUID } from 'node:crypto';
import { type Api, dataOf } from '@smartserver/client';
import {
  ACCESS_TOKEN,
  type ActivationsResult,
  type AvailableLicensePage,
  type ReturnsResult,
} from '@smartserver/contracts';
import { generateKey, signDeviceProof } from '@smartserver/license-document';

/** A SmartServer as the cloud sees it: an install code, a device key, a session. */
export class Controller {
  readonly installCode: string;
  readonly customerId: string;
  readonly token: string;
  private readonly session: Api;
  private readonly params: { path: { installCode: string } };

  private constructor(api: Api, customerId: string, installCode: string, token: string) {
    this.session = api.as(token);
    this.params = { path: { installCode } };
    this.customerId = customerId;
    this.installCode = installCode;
    this.token = token;
  }

  static async open(
    api: Api,
    customerId: string,
    installCode: string,
    deviceKey: KeyObject = generateKey(),
  ): Promise<Controller> {
    const proof = signDeviceProof({
      deviceKey,
      audience: ACCESS_TOKEN.audience,
      customerId,
      installCode,
      userType: 'owner',
      issuedAt: new Date(),
      nonce: randomUUID(),
    });
    const body = { customerId, installCode, proof };
    const { accessToken } = await dataOf(api.POST('/v1/cms/sessions', { body }));
    const description = { customerId, segmentName: 'Acceptance', softwareVersion: '4.40.012' };
    await dataOf(
      api
        .as(accessToken)
        .PUT('/v1/controllers/{installCode}', { params: { path: { installCode } }, body: description }),
    );
    return new Controller(api, customerId, installCode, accessToken);
  }

  /** The same controller, talking through another gateway. */
  through(api: Api): Controller {
    return new Controller(api, this.customerId, this.installCode, this.token);
  }

  activate(licenseIds: string[], idempotencyKey: string = randomUUID()): Promise<ActivationsResult> {
    const request = { params: { ...this.params, header: { 'Idempotency-Key': idempotencyKey } }, body: { licenseIds } };
    return dataOf(this.session.POST('/v1/controllers/{installCode}/activations', request));
  }

  return(licenseIds: string[], idempotencyKey: string = randomUUID()): Promise<ReturnsResult> {
    const request = { params: { ...this.params, header: { 'Idempotency-Key': idempotencyKey } }, body: { licenseIds } };
    return dataOf(this.session.POST('/v1/controllers/{installCode}/returns', request));
  }

  async licenses(): Promise<string[]> {
    const params = { ...this.params, query: { limit: 200 } };
    const { items } = await dataOf(this.session.GET('/v1/controllers/{installCode}/licenses', { params }));
    return items.map((item) => item.licenseId);
  }

  async countAvailable(): Promise<number> {
    let count = 0;
    for (let cursor: string | null = ''; cursor !== null; ) {
      const params = { ...this.params, query: { limit: 200, ...(cursor ? { cursor } : {}) } };
      const request = this.session.GET('/v1/controllers/{installCode}/available-licenses', { params });
      const page: AvailableLicensePage = await dataOf(request);
      count += page.items.length;
      cursor = page.nextCursor;
    }
    return count;
  }
}
