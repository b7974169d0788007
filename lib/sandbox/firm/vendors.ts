import type { Random } from '../random.ts'
import { erpAddress, erpRow, type Firm, makeAddress, phone, stampBefore } from './builder.ts'
import { LAST_NAMES } from './names.ts'

const TRADES = [
  'Surveying',
  'Geotechnical',
  'Reprographics',
  'Office Supply',
  'Acoustics',
  'Code Consulting',
  'Card Services',
]

/** Vendors of the books, with tax and bank fields that no client may keep. */
export function addVendors(firm: Firm, random: Random): void {
  for (let key = 801; key < 841; key++) {
    firm.erp.push(
      erpRow('vendor', key, stampBefore(random, 900), {
        Name: `${random.pick(LAST_NAMES)} ${random.pick(TRADES)}`,
        VendorTypeKey: random.int(1, 4),
        VendorTypeIsConsultant: random.chance(0.5),
        Email: `billing@vendor${key}.example`,
        PrimaryPhoneNumber: phone(random),
        BuisnessTypeW9: 'LLC',
        FederalTaxWitheld: false,
        TaxIdentificationNumber: `90-00${String(key).padStart(5, '0')}`,
        BankAccountNumber: `000111${key}`,
        ...erpAddress(makeAddress(random)),
      }),
    )
  }
}
