export { type GatewayConfig, gatewayConfig } from './config.ts';
export { type GatewayStartDeps, startGateway, type UpstreamPlace } from './start-gateway.ts';
