/** Documents that the office puts to a customer's contract. */
import { expect, test } from '../support/journey';

const STAFF = 'j.reimann@lindwerk.example';

test('a document is put to a contract and taken back', async ({ arrive }) => {
  test.setTimeout(240_000);
  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await staff.open('document.title');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('document.title'));
  await staff.inspect();

  await test.step('what is missing is said at each field', async () => {
    await page.getByRole('button', { name: say('papers.attach_now') }).click();
    for (const field of ['contract-search', 'title-german', 'title-english', 'attach-file']) {
      await expect(page.locator(`#${field}-error`)).toBeVisible();
    }
  });

  await test.step('a file that is no document is refused at its field', async () => {
    await page.getByLabel(say('papers.search_contracts')).fill('104871');
    await expect(page.locator('#attach-contract')).toContainText('104871');
    await page.locator('#attach-contract').selectOption({ index: 1 });
    await page.getByLabel(say('papers.title_german')).fill('Preisblatt');
    await page.getByLabel(say('papers.title_english')).fill('Price list');
    await page.locator('#attach-file').setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\u0000') });
    await page.getByRole('button', { name: say('papers.attach_now') }).click();
    await expect(page.locator('#attach-file-error')).toContainText(say('refusal.not_a_document'));
  });

  await test.step('a PDF is taken; the customer finds it and is told', async () => {
    await page.locator('#attach-file').setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 x') });
    await page.getByRole('button', { name: say('papers.attach_now') }).click();
    await expect(page.getByText(say('papers.attached'))).toBeVisible();
    const customer = await arrive('en');
    await customer.signIn('104871');
    await customer.page.goto('/documents');
    await expect(customer.page.getByRole('row').filter({ hasText: 'Price list' })).toBeVisible();
    await customer.inspect();
    await customer.page.goto('/demo/mails');
    await expect(customer.page.getByRole('article').first()).toContainText('Preisblatt');
  });

  await test.step('it is taken back with a reason that the customer reads', async () => {
    const row = page.getByRole('row').filter({ hasText: 'Preisblatt' }).first();
    await row.getByRole('button', { name: say('papers.withdraw') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: say('papers.withdraw'), exact: true }).click();
    await expect(page.locator('#withdraw-reason-error')).toBeVisible();
    await page.getByLabel(say('papers.reason'), { exact: true }).fill('Falscher Vertrag');
    await dialog.getByRole('button', { name: say('papers.withdraw'), exact: true }).click();
    await expect(page.getByText(say('papers.withdrawn'))).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: 'Falscher Vertrag' }).first()).toBeVisible();
  });
});
