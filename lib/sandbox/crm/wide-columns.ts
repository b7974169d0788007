import type { Hub } from '../faults.ts'

/**
 * The long tail of a wide record: columns that are read, never asked for, and there to be left out by `fieldFilter`
 * (vantagepoint-api §3: 110 and more on project, 123 on firm, 119 on contact, 210 on employee). Names follow the
 * product's habits; their exact set differs per tenant.
 */
const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const user = (from: number, to: number, word: string): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${word}${from + index}`)

export const WIDE_COLUMNS: Readonly<Record<Hub, readonly string[]>> = {
  project: [
    ...words(`
      WBSNumber FeeDirLab FeeDirExp ReimbAllowExp ReimbAllowCons ConsultFeeBillingCurrency UnitTable
      MultAmt BudOHRate RevFormula RevUpsetLimits RevUpsetWBS2 RevUpsetWBS3 XCharge XChargeMethod XChargeMult
      LineItemApproval LineItemApprovalEK BillByDefault BillByDefaultConsultants BillableWarning LabBillTable
      LabCostTable TLInternalKey TLProjectID TLProjectName TLChargeBandInternalKey EVPercentComplete
      PercComp LabPercComp ExpPercComp TimesheetGroup ICBillingLab ICBillingExp PaymentTerms
      BudgetLevel PORMBRate POCNSRate PlanID TKCheckRPDate LocaleMethod ServProCode FESurcharge
      FederalInd StateInd ProfServicesComplDate ConstComplDate ContactFirstName ContactLastName NAICS
      CompetitionType MasterContract Solicitation OurRole AlertNotes IQID MarketCode ServiceCode Referable
      EstimateStatus VersionID PIMID PhoneFormat FaxFormat Phone Fax EMail CLAddressKey Area Measure
    `),
    ...user(1, 12, 'LaborCode'),
  ],
  firm: [
    ...words(`
      FullName Branch ClientStatus CompanyNumber Region MarketSegment Industry Employees AnnualRevenue Owned
      DisadvBusiness DisabledVetOwnedSmallBusiness HBCU MinorityBusiness SmallBusiness VetOwnedSmallBusiness
      WomanOwned EightA Hubzone AlaskaNative OtherInd PriorWork Recommend TaxID EIN DUNS CAGECode NAICS
      SICCode TickerSymbol IncorporationState PaymentTermsCode CreditLimit CreditStatus Export1099 Customer
      AccountManager LastContactDate NextActionDate TLInternalKey TLSyncModDate SyncTo IQID VersionID ReadyForPost
      PrimaryPhoneFormat PrimaryFaxFormat BillingAddress1 BillingAddress2 BillingCity BillingState BillingZip
      BillingCountry BillingPhone BillingFax BillingEmail PaymentAddress1 PaymentAddress2 PaymentCity PaymentState
      PaymentZip PaymentCountry PaymentPhone PaymentFax PaymentEmail AvailableForCRMDate Headquarters
    `),
    ...user(1, 24, 'FirmUser'),
  ],
  contact: [
    ...words(`
      ClientNumber VendorName ContactName Nickname Addressee AddressFormat MailingAddress PhoneFormat CellFormat
      HomeFormat FaxFormat PagerFormat Assistant AssistantPhone Spouse Birthday Anniversary Gender Language
      ReportsTo Department Division Region Industry Rating LeadStatus LeadSource LeadOwner QualifiedDate
      DisqualifiedReason CampaignID OptOutEmail OptOutPhone GDPRConsent GDPRConsentDate LinkedIn Twitter Facebook
      Instagram LastActivityDate NextActivityDate AccountingContact BillingContact Specialty SubSpecialty
      TLInternalKey TLSyncModDate SyncTo IQID VersionID FirmDescription FirmType PhotoModDate OutlookID OutlookModDate
      MailingList HolidayCard NewsletterInd Referral ReferredBy PreferredContactMethod
    `),
    ...user(1, 24, 'ContactUser'),
  ],
  employee: [
    ...words(`
      SSN BirthDate Gender Ethnicity MaritalStatus DisabilityStatus VeteranStatus PayRate JobCostRate JobCostType
      ProvCostRate ProvBillRate ProvCostOTPct ProvCostSpecialOTPct OtherPay OtherPay2 OtherPay3 CostRateMeth
      CostRateTableNo BillingCategory PayOvtPct PaySpecialOvtPct ADPFileNumber ADPCompanyCode ADPRateCode
      HoursPerDay UseTotalHrsAsStd LabPercent BankID AccountNumber RoutingNumber DirectDeposit TaxFilingStatus
      FederalExemptions StateExemptions LocalTaxCode WorkersComp EEOCode JobTitle BillableTarget UtilizationRatio
      TargetRatio VacationHours SickHours HolidayTable ExpenseApprover TimesheetApprover EmailPayrollRemittance
      EmailExpenseRemittance RaiseDate LastReviewDate NextReviewDate YearsOtherFirms ProfessionalSuffixes
      EmergencyContact EmergencyPhone EmergencyRelation HomePhone HomeEMail PhoneFormat WorkPhoneExt Fax Pager
      OfficeLocation Room BadgeNumber CitizenshipCountry WorkPermit PassportNumber DriversLicense LicenseState
      DegreeSummary RegistrationSummary TLInternalKey TLSyncModDate KonaUserID KonaUsername IQID VersionID
      EMPhotoModDate TalentUserID TKAdmin TKGroup EKGroup CheckHours TimeCategory BillingPool ClieOp TransactionType
    `),
    ...user(1, 80, 'EmployeeUser'),
  ],
}
