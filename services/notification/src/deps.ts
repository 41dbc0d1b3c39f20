import type { BaseDeps } from '@smartserver/service-kit';
import type { Tables } from './model/tables.ts';
import type { UnsubscribeLinks } from './unsubscribe/link.ts';

/** What use cases get. The relay wakes the senders: after a commit there may be something to be sent. */
export type Deps = BaseDeps<Tables> & {
  /** Right-hand side of Message-IDs. */
  mailDomain: string;
  /** Hour of the day, UTC, from which the notices of the day are made. */
  noticeHour: number;
  links: UnsubscribeLinks;
};
