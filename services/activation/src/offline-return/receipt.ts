/** What is known of a license and a controller. */
type LicenseOnController = {
  license_id: string;
  /** It is there now. */
  open: boolean;
  /** Serial of the document that put it there; null where that was not kept. */
  serial: number | null;
};

/** What the cloud knows of the controller that a receipt comes from. */
export type ReceiptFacts = {
  /** Of the device after the removal: it refuses every document up to it from then on. */
  receiptSerial: number;
  /** Of the newest file issued for the controller; null: none was. */
  lastFileSerial: number | null;
  /** The newest activation of each license on the controller. */
  activations: readonly LicenseOnController[];
};

/**
 * What a genuine receipt does to one license: `leaves`; `left`, it was returned before; `stale`, a document that the device had
 * not seen, and would still take, puts it there; or it never was on the controller.
 *
 * The cloud cannot see what was imported. A license may go free only if no file that is out in the field can bring it back:
 * the device must refuse them all, by the serial that it states. So a receipt that was made before the license was put there
 * again, or in ignorance of a newer file, frees nothing.
 */
export const judgeReceipt = (
  licenseId: string,
  { receiptSerial, lastFileSerial, activations }: ReceiptFacts,
): 'leaves' | 'left' | 'stale' | 'never_there' => {
  const activation = activations.find((each) => each.license_id === licenseId);
  if (activation === undefined) return 'never_there';
  if (!activation.open) return 'left';
  const knowsActivation = receiptSerial > (activation.serial ?? 0);
  const refusesFiles = receiptSerial >= (lastFileSerial ?? 0);
  return knowsActivation && refusesFiles ? 'leaves' : 'stale';
};
