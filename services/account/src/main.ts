import { serviceMain } from '@smartserver/service-kit';
import { account } from './service.ts';

await serviceMain(account);
