import { expect, test } from 'vitest'
import { defaultFieldMap } from '#lib/default-field-map'
import { agreedBase } from '#lib/sync/agreed-base'

test('a field that the CRM did not keep stays without a base, other spellings of a value are kept (§7.1)', () => {
  const planned = { Name: 'Town Hall', Fee: '1000.00', Memo: 'a\nb', Status: 'A' }
  const held = { Name: 'Town Hall ', Fee: '1000', Memo: null }
  expect(agreedBase(planned, held, defaultFieldMap.project)).toEqual({ Name: 'Town Hall', Fee: '1000.00', Status: 'A' })
})
