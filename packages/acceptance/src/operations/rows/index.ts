import type { ActorName } from '../actors.ts';
import type { Estate } from '../estate.ts';
import type { Parts, Send } from '../http.ts';
import { accountRows } from './accounts.ts';
import { controllerRows } from './controllers.ts';
import { licenseRows } from './licenses.ts';
import { maintenanceRows } from './maintenance.ts';
import { notificationRows } from './notifications.ts';
import { offlineRows } from './offline.ts';
import type { Row } from './row.ts';
import { signInRows } from './sign-in.ts';
import { webhookRows } from './webhooks.ts';

export type { Case, Row } from './row.ts';

/** A row for every operation of the API: who may call it, and how it is called. */
export const rows: readonly Row[] = [
  ...signInRows,
  ...accountRows,
  ...licenseRows,
  ...controllerRows,
  ...offlineRows,
  ...maintenanceRows,
  ...notificationRows,
  ...webhookRows,
];

const rowOf = (operationId: string): Row => {
  const row = rows.find((each) => each.operationId === operationId);
  if (row === undefined) throw new Error(`There is no row for ${operationId}: who may call it, and how, belongs here.`);
  return row;
};

/** Who calls an operation where it does not matter who: the least who may. */
export const actorFor = (operationId: string): ActorName => {
  const { allowed } = rowOf(operationId);
  const found = (['nobody', 'admin', 'cms', 'staff'] as const).find((actor) => allowed.includes(actor));
  if (found === undefined) throw new Error(`Nobody may call ${operationId}.`);
  return found;
};

/** A request that the operation takes. */
export const validPartsFor = async (operationId: string, estate: Estate, send: Send): Promise<Parts> => {
  const [way] = rowOf(operationId).cases;
  if (way === undefined) throw new Error(`${operationId} has no case.`);
  return way.request(estate.own, estate, send);
};
