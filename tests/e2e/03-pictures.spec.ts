import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, expect, type Page } from '@playwright/test'
import { test } from './fixtures.ts'
import { app, control } from './steps.ts'

/**
 * A picture of every screen, light and dark, at 360 and 1,280 px. `npm run pictures` keeps them in `docs/pictures`, where
 * the README and the guides show them; every other run makes them to see that each screen can be shown.
 */
const ROOT = join(import.meta.dirname, '..', '..')
const FOLDER = process.env.CROSSWALK_PICTURES ? join(ROOT, 'docs/pictures') : join(ROOT, 'tests/.output/pictures')
const WIDTHS = [360, 1280]
const SCHEMES = ['light', 'dark'] as const

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })
}

/** The same page in both themes and both widths, each in a window of its own. */
async function takeAll(browser: Browser, name: string, path: string, signedIn = true): Promise<void> {
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: width === 360 ? 800 : 860 },
        storageState: signedIn ? `${app().dataDir}/signed-in.json` : undefined,
      })
      const page = await context.newPage()
      await page.goto(`${app().url}${path}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await take(page, `${name}-${width}-${colorScheme}`)
      await context.close()
    }
  }
}

test.beforeAll(() => mkdir(FOLDER, { recursive: true }).then(() => undefined))

test('a sync while it runs', async ({ browser }) => {
  await (await control()).act({ action: 'advance', days: 30 })
  await (await control()).setFaults({ crm: { latencyMs: 40 } })
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    storageState: `${app().dataDir}/signed-in.json`,
  })
  const page = await context.newPage()
  await page.goto(`${app().url}/sync`)
  await page.getByRole('button', { name: 'Synchronize', exact: true }).click()
  await expect(page.locator('#current-run').getByText('Sending projects to Vantagepoint').first()).toBeVisible({
    timeout: 90_000,
  })
  await page.waitForTimeout(1500)
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 360 ? 800 : 860 })
      await take(page, `sync-running-${width}-${colorScheme}`)
    }
  }
  await page.setViewportSize({ width: 1280, height: 860 })
  await page.getByRole('link', { name: 'Open run' }).click()
  await (await control()).setFaults({ crm: { latencyMs: 0 } })
  await expect(page.getByText('Sync in progress')).toBeHidden({ timeout: 90_000 })
  const run = new URL(page.url()).pathname
  await context.close()
  await takeAll(browser, 'run', run)
})

for (const [name, path] of [
  ['overview', '/'],
  ['sync', '/sync'],
  ['mapping', '/mapping'],
  ['mapping-review', '/mapping?type=project&status=review'],
  ['log', '/log'],
  ['log-warnings', '/log?severity=warning'],
  ['settings-connection', '/settings/connection'],
  ['settings-notifications', '/settings/notifications'],
  ['settings-schedule', '/settings/schedule'],
  ['settings-users', '/settings/users'],
] as const) {
  test(`the screen ${name}`, ({ browser }) => takeAll(browser, name, path))
}

test('the screen reconciliation, once both sides have been compared', async ({ browser }) => {
  await (await control()).act({ action: 'advance', days: 1 })
  const context = await browser.newContext({ storageState: `${app().dataDir}/signed-in.json` })
  const page = await context.newPage()
  await page.goto(`${app().url}/reconciliation`)
  await page.getByRole('button', { name: 'Compare now' }).click()
  await expect(page.getByRole('table', { name: 'Drift by record type' })).toBeVisible({ timeout: 90_000 })
  await context.close()
  await takeAll(browser, 'reconciliation', '/reconciliation')
})

test('signing in', ({ browser }) => takeAll(browser, 'sign-in', '/sign-in', false))
