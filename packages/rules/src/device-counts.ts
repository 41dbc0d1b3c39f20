/**
 * Whether a license of `deviceCount` devices may be split into these parts: two or more, each a whole number from 1 on,
 * adding up to the whole. Where the license is does not matter here. [D] rule 5
 */
export const splitDeviceCounts = (deviceCount: number, parts: readonly number[]): 'ok' | 'split_mismatch' => {
  if (parts.length < 2) return 'split_mismatch';
  let rest = deviceCount;
  for (const part of parts) {
    if (!Number.isSafeInteger(part) || part < 1) return 'split_mismatch';
    // Counting down is exact as long as it can still reach zero, where a sum of large numbers might round up to the whole.
    rest -= part;
  }
  return rest === 0 ? 'ok' : 'split_mismatch';
};
