import { rmSync } from 'node:fs';
import { defineConfig } from 'vite';

// Takes the last build away, but for the placeholder, which git keeps.
const clean = {
  name: 'clean',
  buildStart() {
    for (const built of ['dist/assets', 'dist/index.html']) {
      rmSync(built, { recursive: true, force: true });
    }
  },
};

export default defineConfig({
  base: './', // relative, so that it also works below a proxy's prefix
  plugins: [clean],
  worker: { format: 'es' },
  build: {
    emptyOutDir: false,
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { moduleLevelDirective: false } }, // 'use client' says nothing here
    chunkSizeWarningLimit: 5000, // Monaco, in kB
  },
});
