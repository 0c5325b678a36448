/** Keys come in from a table: a wrong guess is corrected, the verdicts are seen, it is done, and taken back. */
import { expect, test, type Person } from '../support/journey';

const KEY = '28F64A24988064A079AA2C807D6102A';

/** The order stands first and looks like a serial number; one row is broken. */
function table(): string {
  const rows = [1, 2, 3].map((n) => `99999999;7640010${n};${KEY}${n}`);
  return [...rows, '99999999;76400104;123'].join('\r\n');
}

async function toImports(person: Person): Promise<void> {
  await person.signIn('200014');
  await person.open('nav.imports');
}

async function choose({ page, say }: Person): Promise<void> {
  const file = { name: 'keys.csv', mimeType: 'text/csv', buffer: Buffer.from(table()) };
  await page.getByLabel(say('key_import.file'), { exact: true }).setInputFiles(file);
}

test('a table is corrected, imported and taken back', async ({ arrive }) => {
  test.setTimeout(180_000);
  const dealer = await arrive('de');
  const { page, say } = dealer;
  await page.setViewportSize({ width: 1280, height: 900 });
  await toImports(dealer);
  await choose(dealer);
  await page.getByRole('button', { name: say('key_import.check') }).click();
  const preview = page.getByRole('region', { name: say('key_import.preview') });
  await expect(preview.getByText(say('key_import.duplicate'), { exact: true }).first()).toBeVisible();
  await dealer.inspect();

  await page.getByText(say('key_import.layout')).click();
  await page.getByLabel(say('key_import.column', { number: 1 })).selectOption('OrderNumber');
  await page.getByLabel(say('key_import.column', { number: 2 })).selectOption('Serial');
  await dealer.inspect();
  await page.getByRole('button', { name: say('key_import.again') }).click();
  await expect(preview.getByRole('rowheader')).toHaveText(['76400101', '76400102', '76400103', '76400104']);
  await expect(preview.getByText(say('key_import.not_a_key'))).toBeVisible();
  await page.getByRole('button', { name: say('key_import.import_many', { count: 3 }) }).click();
  await expect(page.getByText(say('key_import.added_many', { count: 3 }))).toBeVisible();

  await page.getByRole('button', { name: say('key_import.undo') }).first().click();
  await expect(page.getByText(say('key_import.is_undone')).first()).toBeVisible();
  await dealer.inspect();
});

test('a table is imported by keyboard on a phone', async ({ arrive }) => {
  test.setTimeout(180_000);
  const dealer = await arrive('en');
  const { page, say } = dealer;
  await toImports(dealer);
  await page.setViewportSize({ width: 360, height: 780 });
  await choose(dealer);
  await page.getByRole('button', { name: say('key_import.check') }).press('Enter');
  await expect(page.getByRole('region', { name: say('key_import.preview') })).toBeVisible();
  await expect(page.getByText(say('key_import.duplicate'), { exact: true }).first()).toBeVisible();
  await dealer.inspect();
  await page.getByRole('button', { name: say('key_import.drop') }).press('Enter');
  await expect(page.getByRole('region', { name: say('key_import.preview') })).toBeHidden();
});

test('a key is replaced where the dealer says so, and comes back', async ({ arrive }) => {
  test.setTimeout(180_000);
  const dealer = await arrive('en');
  const { page, say } = dealer;
  await page.setViewportSize({ width: 1280, height: 900 });
  await toImports(dealer);
  const rows = [`76348717;KAM;${KEY}1`, `76348721;KAM;${KEY}2`].join('\r\n');
  const file = { name: 'other-keys.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) };
  await page.getByLabel(say('key_import.file'), { exact: true }).setInputFiles(file);
  await page.getByRole('button', { name: say('key_import.check') }).click();
  const preview = page.getByRole('region', { name: say('key_import.preview') });
  await expect(preview.getByText(say('key_import.different_key'), { exact: true })).toHaveCount(2);
  await expect(page.getByRole('button', { name: say('key_import.import_many', { count: 0 }) })).toBeDisabled();
  await preview.getByRole('button', { name: `${say('key_import.replace_this')} 76348721` }).click();
  await expect(preview.getByRole('button', { name: `${say('key_import.keep_this')} 76348721` })).toBeFocused();
  await dealer.inspect();
  await page.getByRole('button', { name: say('key_import.replace_one'), exact: true }).click();
  await expect(page.getByText(say('key_import.replaced_one'))).toBeVisible();

  await page.getByRole('button', { name: say('key_import.undo') }).first().click();
  await expect(page.getByText(say('key_import.is_undone')).first()).toBeVisible();
});

test('devices are found by what they are and by how their keys stand', async ({ arrive }) => {
  const dealer = await arrive('de');
  const { page, say } = dealer;
  await page.setViewportSize({ width: 1280, height: 900 });
  await dealer.signIn('200014');
  await dealer.open('nav.devices');
  await page.getByLabel(say('meter.sort')).selectOption({ label: say('meter.concentrator') });
  await expect(page).toHaveURL(/kind=concentrator/u);
  await expect(page.getByRole('status').getByText(say('meter.device_many', { count: 19 }))).toBeVisible();
  await page.getByLabel(say('meter.keys')).selectOption({ label: say('meter.proven') });
  await expect(page.getByRole('rowheader')).toHaveText(['76348728']);
  await expect(page.getByRole('cell', { name: say('meter.proven'), exact: true })).toBeVisible();
  await dealer.inspect();
  await page.getByRole('link', { name: '76348728' }).click();
  await expect(page.getByText('KAM (2C2D)')).toBeVisible();
  await expect(page.getByText(say('meter.concentrator'), { exact: true })).toBeVisible();
});
