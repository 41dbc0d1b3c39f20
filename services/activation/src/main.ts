import { serviceMain } from '@smartserver/service-kit';
import { activation } from './service.ts';

await serviceMain(activation);
