export default async function globalTeardown(): Promise<void> {
  await (globalThis as typeof globalThis & { stopTestPostgres?: () => Promise<void> }).stopTestPostgres?.();
}
