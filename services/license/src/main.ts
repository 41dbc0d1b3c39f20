import { serviceMain } from '@smartserver/service-kit';
import { license } from './service.ts';

await serviceMain(license);
