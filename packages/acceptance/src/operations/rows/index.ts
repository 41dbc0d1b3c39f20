import { accountRows } from './accounts.ts';
import { controllerRows } from './controllers.ts';
import { licenseRows } from './licenses.ts';
import type { Row } from './row.ts';
import { signInRows } from './sign-in.ts';

export type { Case, Row } from './row.ts';

/** A row for every operation of the API: who may call it, and how it is called. */
export const rows: readonly Row[] = [...signInRows, ...accountRows, ...licenseRows, ...controllerRows];
