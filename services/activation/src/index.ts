export { activation } from './service.ts';
