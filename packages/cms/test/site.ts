import { randomBytes } from 'node:crypto';
import { eventually } from '@smartserver/testing';
import { Bench } from './bench.ts';
import { CloudBench } from './cloud-bench.ts';

export type Row = { licenseId: string; status: string; description: string };
export type ProblemAnswer = { problem: { code: string; items: string[] } };

/** A SmartServer that can reach the cloud. */
export class Box extends Bench {
  readonly installCode = `0302${randomBytes(6).toString('hex').toUpperCase()}`;
  private readonly customerId: string;

  constructor(cloud: CloudBench, customerId: string) {
    super();
    this.customerId = customerId;
    this.fetch = cloud.fetch;
    this.now = cloud.clock.now();
  }

  link(...more: string[]): Promise<number> {
    const identity = ['--install-code', this.installCode, '--customer-id', this.customerId];
    return this.cms('link', '--url', 'http://127.0.0.1:8080', ...identity, '--segment-name', 'Building 1', ...more);
  }

  async licenses(): Promise<Row[]> {
    return (await this.json<{ items: Row[] }>('licenses')).items;
  }

  async serial(): Promise<number | null> {
    return (await this.json<{ serial: number | null }>('licenses')).serial;
  }
}

/** SmartServers of one customer/project, `P2022-0208`, and the cloud they share. Registers the hooks of a test file. */
export class Site {
  readonly cloud = new CloudBench();
  customerId = '';
  private boxes: Box[] = [];

  static install(): Site {
    const site = new Site();
    beforeAll(async () => {
      await site.cloud.start();
      site.customerId = await site.cloud.customer('P2022-0208');
    });
    afterAll(() => site.cloud.stop());
    beforeEach(() => {
      site.cloud.requests.length = 0;
    });
    afterEach(() => {
      for (const box of site.boxes.splice(0)) box.remove();
    });
    return site;
  }

  newBox(): Box {
    const box = new Box(this.cloud, this.customerId);
    this.boxes.push(box);
    return box;
  }

  /** A license that the account has in the cloud. @returns its License ID */
  license(kind: 'capacity' | 'maintenance' = 'capacity', deviceCount = 200, renews?: string): Promise<string> {
    return this.cloud.license(this.customerId, kind, deviceCount, renews ?? null);
  }

  /** A linked SmartServer that is shown these licenses as available. */
  async linkedBox(...licenseIds: string[]): Promise<Box> {
    const box = this.newBox();
    expect(await box.link()).toBe(0);
    const listed = async () => {
      const { items } = await box.json<{ items: Row[] }>('available');
      return licenseIds.every((id) => items.some((item) => item.licenseId === id)) ? items : null;
    };
    expect(await eventually(listed, { timeoutMs: 20_000 })).not.toBeNull();
    return box;
  }
}
