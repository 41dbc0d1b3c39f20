import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the API. */
const GATEWAY = process.env.GATEWAY_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/portal/',
  plugins: [react()],
  build: {
    // The content security policy allows files of our own and nothing else: no `data:`, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The pages are small next to the libraries they share, which change seldom and stay in the browser's cache.
    chunkSizeWarningLimit: 600,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'vendor', test: /node_modules/ }] } } },
  },
  server: { proxy: { '/v1': GATEWAY, '/portal/config.json': GATEWAY, '/problems': GATEWAY, '/assets': GATEWAY } },
});
