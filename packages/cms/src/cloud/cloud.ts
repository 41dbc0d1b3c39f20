import { type Api, dataOf } from '@smartserver/client';
import type {
  ActivationsResult,
  AvailableLicense,
  Controller,
  ControllerLicense,
  Coverage,
  CreateReturnsRequest,
  CreateUpgradeCheckRequest,
  LicenseKeys,
  NotificationSettings,
  NotificationTest,
  PutControllerRequest,
  PutNotificationSettingsRequest,
  ReturnsResult,
  SignedLicenseDocument,
  UpgradeCheck,
} from '@smartserver/contracts';
import type { RequestKeys } from '../folder/request-keys.ts';
import { asked, isAnswer, type Machine } from './api.ts';
import { type Identity, type OpenSession, openSession } from './session.ts';

const pageSize = 200;
/** Licenses in one activation request: the contract's limit. */
const activationsAtOnce = 100;

type Page<T> = { items: T[]; nextCursor: string | null };
type PageParams = { path: { installCode: string }; query: { limit: number; cursor?: string } };
type ChangeParams = { path: { installCode: string }; header: { 'Idempotency-Key': string } };

/** What the CMS of one SmartServer asks of the cloud, as its Owner. One session, opened by the first call. */
export class Cloud {
  private readonly api: Api;
  private readonly machine: Machine;
  private readonly identity: Identity;
  private readonly keys: RequestKeys;
  private opened: Promise<OpenSession> | null = null;

  constructor(deps: { api: Api; machine: Machine; identity: Identity; keys: RequestKeys }) {
    this.api = deps.api;
    this.machine = deps.machine;
    this.identity = deps.identity;
    this.keys = deps.keys;
  }

  session(): Promise<OpenSession> {
    this.opened ??= openSession(this.api, this.machine, this.identity);
    return this.opened;
  }

  async putController(body: PutControllerRequest): Promise<Controller> {
    const { api, path } = await this.asOwner();
    return asked(dataOf(api.PUT('/v1/controllers/{installCode}', { params: { path }, body })));
  }

  /** The license keys are public: no session is needed. */
  licenseKeys(): Promise<LicenseKeys> {
    return asked(dataOf(this.api.GET('/v1/license-keys')));
  }

  /** What the account has in the cloud, ready to be downloaded. */
  available(): Promise<AvailableLicense[]> {
    return this.all((api, params) => dataOf(api.GET('/v1/controllers/{installCode}/available-licenses', { params })));
  }

  /** What the cloud says is on this controller, with descriptions and notes. */
  onController(): Promise<ControllerLicense[]> {
    return this.all((api, params) => dataOf(api.GET('/v1/controllers/{installCode}/licenses', { params })));
  }

  /** Whether this SmartServer may install a release now, by what the cloud knows of it. */
  async upgradeCheck(versions: Omit<CreateUpgradeCheckRequest, 'installCode'>): Promise<UpgradeCheck> {
    const { token } = await this.session();
    const { installCode } = this.identity;
    return asked(dataOf(this.api.as(token).POST('/v1/upgrade-checks', { body: { installCode, ...versions } })));
  }

  /** Whether its maintenance covers its capacity now. */
  async coverage(): Promise<Coverage> {
    const { api, path } = await this.asOwner();
    return asked(dataOf(api.GET('/v1/controllers/{installCode}/coverage', { params: { path } })));
  }

  /** Who is notified of the account's maintenance, when and how. */
  async notificationSettings(): Promise<NotificationSettings> {
    const { api, account: path } = await this.asOwner();
    return asked(dataOf(api.GET('/v1/customers/{customerId}/notification-settings', { params: { path } })));
  }

  /** @throws CmsProblem precondition_failed when they have changed since `version` */
  async putNotificationSettings(body: PutNotificationSettingsRequest, version: number): Promise<NotificationSettings> {
    const { api, account: path } = await this.asOwner();
    const params = { path, header: { 'If-Match': `"${version}"` } };
    return asked(dataOf(api.PUT('/v1/customers/{customerId}/notification-settings', { params, body })));
  }

  /** Sends a test e-mail to all recipients. */
  async testNotifications(): Promise<NotificationTest> {
    const { api, account: path } = await this.asOwner();
    return asked(dataOf(api.POST('/v1/customers/{customerId}/notification-settings/test', { params: { path } })));
  }

  /** The newest document; null when the one with this serial is the newest. */
  async document(serial: number | null): Promise<SignedLicenseDocument | null> {
    const { api, path } = await this.asOwner();
    const headers = serial === null ? {} : { 'if-none-match': `"${serial}"` };
    const request = { params: { path }, headers };
    const answer = await asked(api.GET('/v1/controllers/{installCode}/license-document', request));
    return answer.response.status === 304 ? null : asked(dataOf(answer));
  }

  /**
   * Activates licenses on this controller. @param serial of the stored document
   * @returns one result for each request it took, in order: more than 100 licenses go in several, each all or none
   */
  async *activate(licenseIds: readonly string[], serial: number): AsyncGenerator<ActivationsResult> {
    for (let start = 0; start < licenseIds.length; start += activationsAtOnce) {
      const part = licenseIds.slice(start, start + activationsAtOnce);
      const body = { licenseIds: part };
      yield await this.change('activations', body, serial, (api, params) =>
        dataOf(api.POST('/v1/controllers/{installCode}/activations', { params, body })),
      );
    }
  }

  /** Transfers licenses back to the cloud: those named, or all. @param serial of the stored document */
  return(body: CreateReturnsRequest, serial: number): Promise<ReturnsResult> {
    return this.change('returns', body, serial, (api, params) =>
      dataOf(api.POST('/v1/controllers/{installCode}/returns', { params, body })),
    );
  }

  /** Sends a request under a key that it keeps until it is answered, also when the command is run again. */
  private async change<T>(
    what: 'activations' | 'returns',
    body: CreateReturnsRequest,
    serial: number,
    send: (api: Api, params: ChangeParams) => Promise<T>,
  ): Promise<T> {
    const { api, path } = await this.asOwner();
    const request = { path: `/v1/controllers/${encodeURIComponent(path.installCode)}/${what}`, body, serial };
    const key = await this.keys.keyFor(request, this.machine.uuid());
    const sent = send(api, { path, header: { 'Idempotency-Key': key } });
    const answered = await sent.then(
      () => true,
      (error: unknown) => isAnswer(error),
    );
    if (answered) await this.keys.answered(request);
    return asked(sent, body.licenseIds);
  }

  /** Every page of a list. */
  private async all<T>(pageAt: (api: Api, params: PageParams) => Promise<Page<T>>): Promise<T[]> {
    const { api, path } = await this.asOwner();
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
      const page: Page<T> = await asked(pageAt(api, { path, query }));
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  /** The API with the session's token, and what its paths name. */
  private async asOwner() {
    const { token } = await this.session();
    const { installCode, customerId } = this.identity;
    return { api: this.api.as(token), path: { installCode }, account: { customerId } };
  }
}
