import { serviceMain } from '@smartserver/service-kit';
import { notification } from './service.ts';

await serviceMain(notification);
