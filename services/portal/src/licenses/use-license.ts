import { useQuery } from '@tanstack/react-query';
import { type License, licenseQuery, type OfflineActivation, offlineActivationsQuery } from '../api/queries.ts';
import { isMoving } from './license-state.ts';

/** The event of a move takes well under a second; more reads than this would only be noise. */
const MOST_QUESTIONS = 20;
const AGAIN_MS = 700;

type LicenseHere = {
  license: License | undefined;
  activations: OfflineActivation[] | undefined;
  error: Error | null;
  retry: () => void;
};

/** A license and its activation files; asks again while the one service has not heard of what the other did. */
export const useLicense = (licenseId: string): LicenseHere => {
  const files = useQuery(offlineActivationsQuery(licenseId));
  const activations = files.data;
  const license = useQuery({
    ...licenseQuery(licenseId),
    refetchInterval: ({ state }) => {
      const moving = state.data && activations && isMoving(state.data, activations);
      return moving && state.dataUpdateCount < MOST_QUESTIONS ? AGAIN_MS : false;
    },
  });
  return {
    license: license.data,
    activations,
    error: license.error ?? files.error,
    retry: () => {
      void license.refetch();
      void files.refetch();
    },
  };
};
