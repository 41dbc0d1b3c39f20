import type { ActivationTarget } from '../api/commands.ts';
import type { RequestPreview } from '../lib/signed-file.ts';

/** The SmartServer that somebody chose. */
export type Target =
  | { way: 'code'; installCode: string }
  | { way: 'request'; fileName: string; text: string; preview: RequestPreview };

export const installCodeOf = (target: Target): string =>
  target.way === 'code' ? target.installCode : target.preview.installCode;

/** As the API takes it: a request file goes whole and unchanged, since it is signed. */
export const targetBody = (target: Target): ActivationTarget =>
  target.way === 'code' ? { installCode: target.installCode } : { requestFile: target.text };
