export { license, replayLicenses } from './service.ts';
