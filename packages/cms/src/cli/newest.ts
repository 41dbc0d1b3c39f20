import type { Cloud } from '../cloud/cloud.ts';
import { CmsProblem, receiptUnanswered } from '../problem.ts';
import { type Invocation, type LinkedSettings, storeOf } from './command.ts';

/**
 * Fetches the newest document from the cloud and stores it. One from before an offline return is not stored, and the Owner is
 * notified: what is here stays in use.
 */
export const fetchNewest = async (invocation: Invocation, settings: LinkedSettings, cloud: Cloud): Promise<void> => {
  try {
    await takeNewest(invocation, settings, cloud);
  } catch (error) {
    if (!(error instanceof CmsProblem) || error.code !== 'receipt_unanswered') throw error;
    invocation.terminal.err(`Note: ${error.title}. ${error.advice}`);
  }
};

/**
 * Before anything is changed in the cloud, it must know what was returned offline: else it and this SmartServer would decide
 * on different states.
 * @throws CmsProblem receipt_unanswered
 */
export const requireAnswered = async (
  invocation: Invocation,
  settings: LinkedSettings,
  cloud: Cloud,
): Promise<void> => {
  const store = storeOf(invocation);
  if (!(await store.returns.exist()) || (await store.unanswered(settings)).length === 0) return;
  await takeNewest(invocation, settings, cloud);
  const open = await store.unanswered(settings);
  if (open.length > 0) throw receiptUnanswered(Math.max(...open.map(({ serial }) => serial)));
};

const takeNewest = async (invocation: Invocation, settings: LinkedSettings, cloud: Cloud): Promise<void> => {
  const newer = await cloud.document(await verifiedSerial(invocation, settings));
  if (newer) await storeOf(invocation).accept(newer.jws, settings);
};

/** A stored document that cannot be used is fetched again: then the serial must not say that it is here already. */
const verifiedSerial = async (invocation: Invocation, settings: LinkedSettings): Promise<number | null> => {
  try {
    return (await storeOf(invocation).documents.read(settings))?.document.serial ?? null;
  } catch (error) {
    if (error instanceof CmsProblem) return null;
    throw error;
  }
};
