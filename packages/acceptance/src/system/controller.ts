import { type KeyObject, randomUUID } from 'node:crypto';
import type { ApiAnswer, ApiClient } from '@smartserver/client';
import {
  ACCESS_TOKEN,
  type ActivationsResult,
  type AvailableLicensePage,
  type CmsSession,
  type ControllerLicensePage,
  type ReturnsResult,
} from '@smartserver/contracts';
import { generateKey, signDeviceProof } from '@smartserver/license-document';

/** A SmartServer as the cloud sees it: an install code, a device key, a session. */
export class Controller {
  readonly installCode: string;
  readonly customerId: string;
  readonly token: string;
  private readonly api: ApiClient;

  private constructor(api: ApiClient, customerId: string, installCode: string, token: string) {
    this.api = api;
    this.customerId = customerId;
    this.installCode = installCode;
    this.token = token;
  }

  static async open(
    api: ApiClient,
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
    const { accessToken } = await api.post<CmsSession>('/v1/cms/sessions', { body });
    const description = { customerId, segmentName: 'Acceptance', softwareVersion: '4.40.012' };
    await api.put(`/v1/controllers/${installCode}`, { token: accessToken, body: description });
    return new Controller(api, customerId, installCode, accessToken);
  }

  /** The same controller, talking through another gateway. */
  through(api: ApiClient): Controller {
    return new Controller(api, this.customerId, this.installCode, this.token);
  }

  activate(licenseIds: string[], idempotencyKey: string = randomUUID()): Promise<ApiAnswer<ActivationsResult>> {
    const path = `/v1/controllers/${this.installCode}/activations`;
    return this.api.send('POST', path, { token: this.token, body: { licenseIds }, idempotencyKey });
  }

  return(licenseIds: string[], idempotencyKey: string = randomUUID()): Promise<ApiAnswer<ReturnsResult>> {
    const path = `/v1/controllers/${this.installCode}/returns`;
    return this.api.send('POST', path, { token: this.token, body: { licenseIds }, idempotencyKey });
  }

  async licenses(): Promise<string[]> {
    const path = `/v1/controllers/${this.installCode}/licenses?limit=200`;
    const { items } = await this.api.get<ControllerLicensePage>(path, { token: this.token });
    return items.map((item) => item.licenseId);
  }

  async countAvailable(): Promise<number> {
    let count = 0;
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = `limit=200${cursor ? `&cursor=${cursor}` : ''}`;
      const path: string = `/v1/controllers/${this.installCode}/available-licenses?${query}`;
      const page: AvailableLicensePage = await this.api.get(path, { token: this.token });
      count += page.items.length;
      cursor = page.nextCursor;
    }
    return count;
  }
}
