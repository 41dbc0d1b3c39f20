import { type Cause, type Clock, type Ids, recordEvent } from '@smartserver/service-kit';
import type { ActivationTransaction, ControllerRow } from '../db.ts';
import { controllerChanged, nextDocument, updateController } from './controller-store.ts';

/**
 * Gives a locked controller a document with a higher serial, although nothing was put on it or taken off.
 * @param why `known`: the greatest serial that the controller is known to have seen. `resignedFor`: issue time of the
 *   statement of revoked keys that makes the new document necessary
 */
export const renewDocument = async (
  trx: ActivationTransaction,
  deps: { clock: Clock; ids: Ids },
  cause: Cause,
  controller: ControllerRow,
  { known = 0, resignedFor }: { known?: number; resignedFor?: Date } = {},
): Promise<ControllerRow> => {
  const changed = await updateController(trx, controller.install_code, {
    ...nextDocument(controller, deps.clock.now(), known),
    ...(resignedFor === undefined ? {} : { resigned_for: resignedFor }),
  });
  await recordEvent(trx, deps, cause, { type: 'controller.changed.1', data: controllerChanged(changed) });
  return changed;
};
