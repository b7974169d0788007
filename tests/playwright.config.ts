import { defineConfig } from '@playwright/test'
import { chromiumLaunch } from './support/chromium.ts'

/**
 * The whole story in a real browser, against a real start of the product: one application, one worker, files in order,
 * since each goes on where the one before it ended.
 */
export default defineConfig({
  testDir: './e2e',
  outputDir: './.output/e2e',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  globalSetup: './e2e/start-app.ts',
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['line'], ['json']] : [['line']],
  use: { locale: 'en-US', timezoneId: 'America/New_York', trace: 'retain-on-failure', launchOptions: chromiumLaunch() },
})
