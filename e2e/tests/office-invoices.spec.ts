/** Invoices in the office: files come in, find their customer by a person's word, and are shown after it. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/journey';
import { reach } from '../support/keyboard';

const STAFF = 'j.reimann@lindwerk.example';

/** A fixture of the server's tests. */
function fixture(name: string): Promise<string> {
  return readFile(new URL(`../../server/tests/fixtures/invoices/${name}`, import.meta.url), 'utf8');
}

function xml(name: string, text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'application/xml', buffer: Buffer.from(text) };
}

test('staff takes invoices in, gives one its customer, publishes one, decides about one, and notes a payment', async ({
  arrive,
}) => {
  test.setTimeout(180_000);
  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await staff.open('nav.invoices');
  await staff.inspect();
  await page.getByRole('link', { name: say('bills.intake') }).click();

  await test.step('three files at once, and what became of each', async () => {
    const good = await fixture('xrechnung-ubl.xml');
    await page.getByLabel(say('bills.files'), { exact: true }).setInputFiles([
      xml('gut.xml', good.replaceAll('RE-2026-009417', 'E2E-1')),
      xml('wessen.xml', (await fixture('unknown-buyer.xml')).replaceAll('RE-2026-009419', 'E2E-2')),
      xml('kaputt.xml', await fixture('truncated.xml')),
      xml('summen.xml', (await fixture('sums-do-not-add-up.xml')).replaceAll(/RE-2026-0094\d\d/g, 'E2E-3')),
    ]);
    await page.getByRole('button', { name: say('bills.send') }).click();
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    await expect(row('gut.xml')).toContainText(say('bills.imported'));
    await expect(row('wessen.xml')).toContainText(say('bills.unmatched'));
    await expect(row('kaputt.xml')).toContainText('Das XML ist in Zeile');
    await expect(row('summen.xml')).toContainText(say('bills.held'));
    await staff.inspect();
  });

  await test.step('the one without a customer gets one, and a wrong number is told at its field', async () => {
    await page.getByRole('link', { name: 'E2E-2' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'E2E-2' })).toBeVisible();
    await staff.inspect();
    const number = page.getByLabel(say('office.number'), { exact: true });
    await number.fill('999');
    await page.getByRole('button', { name: say('bills.assign') }).click();
    await expect(number).toHaveAttribute('aria-invalid', 'true');
    await number.fill('104233');
    await page.getByRole('button', { name: say('bills.assign') }).click();
    await expect(page.getByText(say('bills.assigned'))).toBeVisible();
    await expect(page.getByRole('heading', { name: say('bills.payment') })).toBeVisible();
  });

  await test.step('what is paid is noted as people write amounts', async () => {
    await page.getByLabel(say('bills.paid_total')).fill('viel');
    await page.getByRole('button', { name: say('bills.keep_payment') }).click();
    await expect(page.getByText(say('bills.no_amount'))).toBeVisible();
    await page.getByLabel(say('bills.paid_total')).fill('1.000,50');
    await page.getByLabel(say('bills.paid_on')).fill('2026-11-02');
    await page.getByRole('button', { name: say('bills.keep_payment') }).click();
    await expect(page.getByText(say('bills.paid_kept'))).toBeVisible();
    await expect(page.getByLabel(say('bills.paid_total'))).toHaveValue('1000.50');
  });

  await test.step('the one that contradicts itself is published with a reason', async () => {
    await page.goto('/office/invoices?stand=held');
    await page.getByRole('link', { name: 'E2E-3' }).click();
    await expect(page.getByText('BR-CO-', { exact: false }).first()).toBeVisible();
    await staff.inspect();
    await page.getByLabel(say('bills.reason')).first().fill('Rundung des Vorlieferanten');
    await page.getByRole('button', { name: say('bills.publish') }).click();
    await expect(page.getByText(say('bills.was_published'))).toBeVisible();
  });

  await test.step('the conflict of the demo is decided', async () => {
    await page.goto('/office/invoices/intake?state=conflict');
    await page.getByRole('button', { name: say('bills.decide') }).click();
    const dialog = page.getByRole('dialog', { name: say('bills.conflict') });
    await staff.inspect();
    await dialog.getByLabel(say('bills.reason')).fill('Doppelter Versand');
    await dialog.getByRole('button', { name: say('bills.decide') }).click();
    await expect(page.getByText(say('bills.decided'))).toBeVisible();
    await expect(page.getByText(say('bills.no_files'))).toBeVisible();
  });

  await test.step('the customer sees what is his', async () => {
    const customer = await arrive('de');
    await customer.signIn('104233');
    interface Found {
      invoices: { nodes: { number: string }[] };
    }
    const found = await customer.ask<Found>('{ invoices(filter: { text: "E2E-" }) { nodes { number } } }');
    expect(found.data?.invoices.nodes.map((node) => node.number).sort()).toEqual(['E2E-1', 'E2E-2', 'E2E-3']);
  });
});

test('a rule is made and removed on a phone, by keyboard alone', async ({ arrive }) => {
  const staff = await arrive('en');
  const { page, say } = staff;
  await staff.signIn(STAFF);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto('/office/invoices/rules');
  await staff.inspect();
  await reach(page, page.getByLabel(say('bills.term'), { exact: true }));
  await page.keyboard.press('ArrowUp');
  await reach(page, page.getByLabel(say('bills.value'), { exact: true }));
  await page.keyboard.type('K-4711');
  await page.keyboard.press('Tab');
  await page.keyboard.type('104233');
  await page.keyboard.press('Enter');
  await expect(page.getByText(say('bills.rule_added_one'))).toBeVisible();
  await expect(page.getByRole('cell', { name: 'K4711', exact: true })).toBeVisible();
  await staff.inspect();
  await reach(page, page.getByRole('button', { name: say('bills.remove') }));
  await page.keyboard.press('Enter');
  await expect(page.getByText(say('bills.rule_removed'))).toBeVisible();
});
