// NOTE to whoever writes this package: the embedded PostgreSQL is done, use `EmbeddedPostgres` of @smartserver/embedded-postgres
// (dependency already declared). An API client with problems and retries is @smartserver/client.
export {};
