import type {
  ActivationsResult,
  AvailableLicense,
  Controller,
  ControllerLicense,
  CreateReturnsRequest,
  LicenseKeys,
  PutControllerRequest,
  ReturnsResult,
  SignedLicenseDocument,
} from '@smartserver/contracts';
import type { RequestKeys } from '../folder/request-keys.ts';
import { type CloudHttp, type Machine, successOf } from './http.ts';
import { type Identity, type OpenSession, openSession } from './session.ts';

const pageSize = 200;
/** Licenses in one activation request: the contract's limit. */
const activationsAtOnce = 100;

type Page<T> = { items: T[]; nextCursor: string | null };

/** What the CMS of one SmartServer asks of the cloud, as its Owner. One session, opened by the first call. */
export class Cloud {
  private readonly http: CloudHttp;
  private readonly machine: Machine;
  private readonly identity: Identity;
  private readonly keys: RequestKeys;
  private opened: Promise<OpenSession> | null = null;

  constructor(deps: { http: CloudHttp; machine: Machine; identity: Identity; keys: RequestKeys }) {
    this.http = deps.http;
    this.machine = deps.machine;
    this.identity = deps.identity;
    this.keys = deps.keys;
  }

  session(): Promise<OpenSession> {
    this.opened ??= openSession(this.http, this.machine, this.identity);
    return this.opened;
  }

  async putController(body: PutControllerRequest): Promise<Controller> {
    const { token } = await this.session();
    return successOf(await this.http.send({ method: 'PUT', path: this.controllerPath(), token, body }));
  }

  /** The license keys are public: no session is needed. */
  async licenseKeys(): Promise<LicenseKeys> {
    return successOf(await this.http.send({ method: 'GET', path: '/v1/license-keys' }));
  }

  /** What the account has in the cloud, ready to be downloaded. */
  available(): Promise<AvailableLicense[]> {
    return this.all(`${this.controllerPath()}/available-licenses`);
  }

  /** What the cloud says is on this controller, with descriptions and notes. */
  onController(): Promise<ControllerLicense[]> {
    return this.all(`${this.controllerPath()}/licenses`);
  }

  /** The newest document; null when the one with this serial is the newest. */
  async document(serial: number | null): Promise<SignedLicenseDocument | null> {
    const { token } = await this.session();
    const headers: Record<string, string> = serial === null ? {} : { 'if-none-match': `"${serial}"` };
    const path = `${this.controllerPath()}/license-document`;
    const answer = await this.http.send({ method: 'GET', path, token, headers });
    return answer.status === 304 ? null : successOf(answer);
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
    const key = await this.keys.keyFor(request, this.machine.uuid());
    const headers = { 'idempotency-key': key };
    const answer = await this.http.send({ method: 'POST', path, token, body, headers });
    // A busy cloud has not decided yet: its answer keeps the key, as silence does.
    if (answer.status < 500 && answer.status !== 429) await this.keys.answered(request);
    return successOf<T>(answer, body.licenseIds);
  }

  private async all<T>(path: string): Promise<T[]> {
    const { token } = await this.session();
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const answer = await this.http.send({ method: 'GET', path: `${path}?limit=${pageSize}${after}`, token });
      const page: Page<T> = successOf(answer);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  private controllerPath(): string {
    return `/v1/controllers/${encodeURIComponent(this.identity.installCode)}`;
  }
}
