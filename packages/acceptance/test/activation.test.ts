import { dataOf } from '@smartserver/client';
import { until } from '../src/system/people.ts';
import { TestSystem } from '../src/system/system.ts';

// The shortest way through everything: with `npm run test:containers` on the images that docker-compose.yml names.

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ queue: 'redis' });
}, 120_000);
afterAll(() => system?.stop());

test('a license is bought, transferred and activated, and its history shows it', async () => {
  const people = await system.people();
  const partner = await people.partner();
  const { customerId } = await people.customer(partner, 1);
  const [license] = await people.assignedLicenses(partner, customerId, 1);
  const controller = await people.controller(customerId);
  const { document } = await controller.activate([license?.licenseId ?? '']);
  expect(document.serial).toBe(1);
  await until(async () => {
    const params = { path: { licenseId: license?.licenseId ?? '' } };
    const api = system.api().as(partner.token);
    const { items } = await dataOf(api.GET('/v1/licenses/{licenseId}/history', { params }));
    return items.some((entry) => entry.event === 'activated');
  }, 'the history shows the activation');
}, 60_000);
