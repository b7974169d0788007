import fc from 'fast-check'

/**
 * The seed of every world that is generated in this process: `CROSSWALK_TEST_SEED`, or another one each time. It is told
 * at the start, so that any run can be repeated whole; fast-check tells it again with what it has found.
 */
const given = process.env.CROSSWALK_TEST_SEED
export const seed = given === undefined ? Math.floor(Math.random() * 0x7fffffff) : Number(given)
if (!Number.isSafeInteger(seed)) throw new Error(`CROSSWALK_TEST_SEED is to be a whole number, and is “${given}”.`)

/** To be called once by a test file, before its properties. */
export function sow(what: string): void {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })
  console.info(`${what}: seed ${seed}. The same ones again: CROSSWALK_TEST_SEED=${seed}`)
}
