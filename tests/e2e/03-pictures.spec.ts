import { mkdir } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { test } from './fixtures.ts'
import { pictureFolder, SCHEMES, take, takeAll, WIDTHS } from './pictures.ts'
import { app, control } from './steps.ts'

/**
 * A picture of every screen. `npm run pictures` keeps them in `docs/pictures`, where the README and the guides show
 * them. Plan, undo and errors are taken where the story comes to them (06-plan).
 */
test.beforeAll(() => mkdir(pictureFolder(), { recursive: true }).then(() => undefined))

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
  ['record', '/records/project/5304'],
  ['log', '/log'],
  ['log-warnings', '/log?severity=warning'],
  ['settings-connection', '/settings/connection'],
  ['settings-field-map', '/settings/field-map'],
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

test('signing in', ({ browser }) => takeAll(browser, 'sign-in', '/sign-in', { signedIn: false }))
