import { type Api, dataOf } from '@smartserver/client';
import { until } from '../system/people.ts';

/** E-mails that the system has sent so far. */
export type Inbox = readonly { to: string[]; text: string }[];

/** Signs customers in to the License Customer Portal, as in life. */
export class Customers {
  private readonly api: Api;
  private readonly inbox: Inbox;

  constructor(api: Api, inbox: Inbox) {
    this.api = api;
    this.inbox = inbox;
  }

  /** @param email a contact's, who has not asked within the minute: until then the code stays the same, and works once */
  async challenge(email: string): Promise<{ challengeId: string; code: string }> {
    const { challengeId } = await dataOf(this.api.POST('/v1/portal/challenges', { body: { email } }));
    const read = () =>
      this.inbox
        .filter(({ to }) => to.includes(email))
        .flatMap(({ text }) => / code is (\d{6})\./.exec(text)?.[1] ?? []);
    await until(async () => read().length > 0, 'the code arrives by e-mail');
    return { challengeId, code: read().at(-1) ?? '' };
  }

  async withCode(email: string): Promise<string> {
    const { challengeId, code } = await this.challenge(email);
    const params = { path: { challengeId } };
    const verified = this.api.POST('/v1/portal/challenges/{challengeId}/verify', { params, body: { code } });
    return (await dataOf(verified)).accessToken;
  }

  async withLicense(licenseId: string): Promise<string> {
    return (await dataOf(this.api.POST('/v1/portal/sessions', { body: { licenseId } }))).accessToken;
  }
}
