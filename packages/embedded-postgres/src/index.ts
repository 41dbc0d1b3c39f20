export { type ClusterOptions, EmbeddedPostgres } from './cluster.ts';
