import { test as base } from '@playwright/test'
import { app } from './steps.ts'

/** A page of the administrator that the first step of the story has created. */
export const test = base.extend({
  storageState: async ({ browserName: _ }, use) => {
    await use(`${app().dataDir}/signed-in.json`)
  },
})
