/** An agreement on data processing: mailed, concluded, asked for again; and how the office writes it. */
import { readFile } from 'node:fs/promises';
import { extractText } from 'unpdf';
import { expect, test, type Person } from '../support/journey';
import { press, type } from '../support/keyboard';

const STAFF = 'j.reimann@lindwerk.example';
const PHONE = { width: 360, height: 800 };
/** The two contracts of the demo whose product asks for an agreement: the first is concluded. */
const OPEN = '{ openAgreements { contractId version productName } }';
interface Open {
  openAgreements: { contractId: string; version: number; productName: string }[];
}

/** Opens the task of the start page and gives the part of the product's page that is about the agreement. */
async function part({ page, say }: Person, version: number) {
  await page.goto('/');
  const tasks = page.getByRole('region', { name: say('start.tasks'), exact: true });
  await press(page, tasks.getByRole('link', { name: say('start.task_agreement', { version: String(version) }) }).first());
  const found = page.getByRole('region', { name: say('document.agreement'), exact: true });
  await expect(found).toBeVisible();
  return found;
}

test('an agreement is mailed, read and concluded; a new version asks again', async ({ arrive }) => {
  test.setTimeout(300_000);
  const customer = await arrive('de');
  const { page, say } = customer;
  await customer.signIn('104233');
  const [open] = (await customer.ask<Open>(OPEN)).data?.openAgreements ?? [];
  expect(open?.version).toBe(1);

  await test.step('the start page names what is to be done and what has changed', async () => {
    await page.goto('/');
    const recent = page.getByRole('region', { name: say('start.recent'), exact: true });
    await expect(recent.getByRole('listitem').first()).toBeVisible();
    await customer.inspect();
  });

  await test.step('it is mailed as a PDF', async () => {
    const agreement = await part(customer, 1);
    await agreement.getByRole('button', { name: say('document.send') }).click();
    await expect(page.getByText(say('document.sent', { email: 'aylin@baeckerei-oeztuerk.example' }))).toBeVisible();
    await page.goto('/demo/mails');
    await expect(page.getByRole('article').first()).toContainText('Vereinbarung zur Auftragsverarbeitung');
  });

  await test.step('empty fields are named, nothing is concluded', async () => {
    const agreement = await part(customer, 1);
    await agreement.getByRole('button', { name: say('document.conclude') }).click();
    await expect(agreement.locator('#signer-name-error')).toBeVisible();
    await agreement.getByLabel(say('document.signer_name')).fill('Aylin Öztürk');
    await agreement.getByRole('button', { name: say('document.conclude') }).click();
    await expect(agreement.locator('#signer-role-error')).toBeVisible();
    await agreement.getByLabel(say('document.signer_role')).fill('Geschäftsführerin');
    await agreement.getByRole('button', { name: say('document.conclude') }).click();
    await expect(agreement.locator('#is-agreed-error')).toBeVisible();
    await customer.inspect();
  });

  await test.step('with name, role and consent it is concluded and kept with its evidence', async () => {
    const agreement = page.getByRole('region', { name: say('document.agreement'), exact: true });
    await agreement.getByLabel(say('document.agree')).check();
    await agreement.getByRole('button', { name: say('document.conclude') }).click();
    await expect(page.getByText(say('document.done'))).toBeVisible();
    const saved = page.waitForEvent('download');
    await agreement.getByRole('link', { name: say('document.fetch') }).first().click();
    const bytes = await readFile(await (await saved).path());
    expect(bytes.toString('latin1')).toContain('<pdfaid:part>');
    const { text, totalPages } = await extractText(new Uint8Array(bytes), { mergePages: true });
    expect(totalPages).toBeGreaterThan(1);
    for (const words of ['Bäckerei Öztürk GmbH', 'Unterzeichnet von', 'Aylin Öztürk', 'Geschäftsführerin', 'SHA-256']) {
      expect(text).toContain(words);
    }
    await customer.open('document.title');
    await expect(page.getByRole('row').filter({ hasText: say('document.agreement') })).not.toHaveCount(0);
    await customer.inspect();
    await page.getByLabel(say('document.kind'), { exact: true }).selectOption('contract');
    await expect(page).toHaveURL(/kind=contract/);
  });

  await test.step('the office writes a new version; who was slower is told', async () => {
    const staff = await arrive('de');
    const { page: desk, say: told } = staff;
    await staff.signIn(STAFF);
    await staff.open('papers.agreements');
    await expect(desk.getByRole('table').first()).toBeVisible();
    await staff.inspect();
    await desk.getByRole('main').getByRole('link', { name: open?.productName ?? '' }).first().click();
    const german = desk.getByLabel(told('office.german'), { exact: true });
    const text = await german.inputValue();
    await german.fill(`${text}\n\n## Neu\n\nNur in dieser Fassung.`);
    await desk.getByRole('button', { name: told('papers.save'), exact: true }).click();
    await expect(desk.getByText(told('papers.saved'))).toBeVisible();
    await staff.inspect({ schemes: ['light'] });

    const id = desk.url().split('/').pop() ?? '';
    const meanwhile = { productId: id, german: `${text} anders`, english: 'x', version: 2, revision: 1 };
    await staff.ask('mutation($input: SaveAgreementDraftInput!) { saveAgreementDraft(input: $input) { text { id } } }', {
      input: meanwhile,
    });
    await german.fill(`${text} zu spät`);
    await desk.getByRole('button', { name: told('papers.save'), exact: true }).click();
    await expect(desk.getByText(told('papers.conflict'))).toBeVisible();
    await expect(german).toHaveValue(`${text} zu spät`);
    await desk.getByRole('button', { name: told('papers.load_anew') }).click();
    await expect(german).toHaveValue(`${text} anders`);

    await desk.getByRole('button', { name: told('papers.publish', { version: '2' }), exact: true }).click();
    await desk.getByRole('dialog').getByRole('button', { name: told('papers.publish_now'), exact: true }).click();
    await expect(desk.getByText(told('papers.is_published'))).toBeVisible();
    await desk.goto('/office/agreements?state=missing');
    await expect(desk.getByText(told('papers.lacks', { version: '2' })).first()).toBeVisible();
  });

  await test.step('the customer is asked again, and concludes in English on a phone by the keyboard', async () => {
    const again = await arrive('en');
    const { page: phone, say: inEnglish } = again;
    await again.signIn('104233');
    await phone.setViewportSize(PHONE);
    const agreement = await part(again, 2);
    await type(phone, agreement.getByLabel(inEnglish('document.signer_name')), 'Aylin Öztürk');
    await type(phone, agreement.getByLabel(inEnglish('document.signer_role')), 'Managing director');
    await press(phone, agreement.getByLabel(inEnglish('document.agree')), 'Space');
    await press(phone, agreement.getByRole('button', { name: inEnglish('document.conclude') }));
    await expect(phone.getByText(inEnglish('document.done'))).toBeVisible();
  });
});
