import type { ApiClient } from '@smartserver/client';
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

/** What the CMS of one SmartServer asks of the cloud, as its Owner. One session, opened by the first call. */
export class Cloud {
  private readonly api: ApiClient;
  private readonly machine: Machine;
  private readonly identity: Identity;
  private readonly keys: RequestKeys;
  private opened: Promise<OpenSession> | null = null;

  constructor(deps: { api: ApiClient; machine: Machine; identity: Identity; keys: RequestKeys }) {
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
    const { token } = await this.session();
    return asked(this.api.put(this.controllerPath(), { token, body }));
  }

  /** The license keys are public: no session is needed. */
  licenseKeys(): Promise<LicenseKeys> {
    return asked(this.api.get('/v1/license-keys'));
  }

  /** What the account has in the cloud, ready to be downloaded. */
  available(): Promise<AvailableLicense[]> {
    return this.all(`${this.controllerPath()}/available-licenses`);
  }

  /** What the cloud says is on this controller, with descriptions and notes. */
  onController(): Promise<ControllerLicense[]> {
    return this.all(`${this.controllerPath()}/licenses`);
  }

  /** Whether this SmartServer may install a release now, by what the cloud knows of it. */
  async upgradeCheck(versions: Omit<CreateUpgradeCheckRequest, 'installCode'>): Promise<UpgradeCheck> {
    const { token } = await this.session();
    const { installCode } = this.identity;
    return asked(this.api.post('/v1/upgrade-checks', { token, body: { installCode, ...versions } }));
  }

  /** Whether its maintenance covers its capacity now. */
  async coverage(): Promise<Coverage> {
    const { token } = await this.session();
    return asked(this.api.get(`${this.controllerPath()}/coverage`, { token }));
  }

  /** Who is told of the account's maintenance, when and how. */
  async notificationSettings(): Promise<NotificationSettings> {
    const { token } = await this.session();
    return asked(this.api.get(this.settingsPath(), { token }));
  }

  /** @throws CmsProblem precondition_failed when they have changed since `version` */
  async putNotificationSettings(body: PutNotificationSettingsRequest, version: number): Promise<NotificationSettings> {
    const { token } = await this.session();
    return asked(this.api.put(this.settingsPath(), { token, body, ifMatch: `"${version}"` }));
  }

  /** Sends everybody who is told a test e-mail. */
  async testNotifications(): Promise<NotificationTest> {
    const { token } = await this.session();
    return asked(this.api.post(`${this.settingsPath()}/test`, { token }));
  }

  /** The newest document; null when the one with this serial is the newest. */
  async document(serial: number | null): Promise<SignedLicenseDocument | null> {
    const { token } = await this.session();
    const ifNoneMatch = serial === null ? {} : { ifNoneMatch: `"${serial}"` };
    const path = `${this.controllerPath()}/license-document`;
    const answer = await asked(this.api.send<SignedLicenseDocument>('GET', path, { token, ...ifNoneMatch }));
    return answer.status === 304 ? null : answer.body;
  }

  /**
   * Activates licenses on this controller. @param serial of the stored document
   * @returns one result for each request it took, in order: more than 100 licenses go in several, each all or none
   */
  async *activate(licenseIds: readonly string[], serial: number): AsyncGenerator<ActivationsResult> {
    for (let start = 0; start < licenseIds.length; start += activationsAtOnce) {
      const part = licenseIds.slice(start, start + activationsAtOnce);
      yield await this.change<ActivationsResult>('activations', { licenseIds: part }, serial);
    }
  }

  /** Transfers licenses back to the cloud: those named, or all. @param serial of the stored document */
  return(body: CreateReturnsRequest, serial: number): Promise<ReturnsResult> {
    return this.change('returns', body, serial);
  }

  private async change<T>(what: string, body: CreateReturnsRequest, serial: number): Promise<T> {
    const { token } = await this.session();
    const path = `${this.controllerPath()}/${what}`;
    const request = { path, body, serial };
    const idempotencyKey = await this.keys.keyFor(request, this.machine.uuid());
    const sent = this.api.post<T>(path, { token, body, idempotencyKey });
    const answered = await sent.then(
      () => true,
      (error: unknown) => isAnswer(error),
    );
    if (answered) await this.keys.answered(request);
    return asked(sent, body.licenseIds);
  }

  private async all<T>(path: string): Promise<T[]> {
    const { token } = await this.session();
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Page<T> = await asked(this.api.get<Page<T>>(`${path}?limit=${pageSize}${after}`, { token }));
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  private settingsPath(): string {
    return `/v1/customers/${this.identity.customerId}/notification-settings`;
  }

  private controllerPath(): string {
    return `/v1/controllers/${encodeURIComponent(this.identity.installCode)}`;
  }
}
