export { account, createStaff } from './service.ts';
