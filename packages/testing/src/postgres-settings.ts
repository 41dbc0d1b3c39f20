/** Of the PostgreSQL that tests share: their data need not survive a power cut. Production refuses to start with these [guarantees.md 3]. */
export const TEST_POSTGRES_SETTINGS = {
  max_connections: '300',
  wal_level: 'replica',
  fsync: 'off',
  full_page_writes: 'off',
};
