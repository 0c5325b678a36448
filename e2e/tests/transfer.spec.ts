/** Devices go to another dealer: offered from the list, looked at, accepted; and to a sub-dealer, who gives them back. */
import { join } from 'node:path';
import { expect, test, type Person } from '../support/journey';
import { ROOT } from '../support/portal';

const KEY_FILE = join(ROOT, 'server/tests/fixtures/meters/20260412_0900_selected_DownloadMeters.zip.kem');
const KEY_FILE_PASSWORD = '104233KH';

/** Imports the project's key file. */
async function importKeys({ page, say }: Person): Promise<void> {
  await page.goto('/imports');
  await page.getByLabel(say('key_import.file'), { exact: true }).setInputFiles(KEY_FILE);
  await page.getByLabel(say('key_import.password'), { exact: true }).fill(KEY_FILE_PASSWORD);
  await page.getByRole('button', { name: say('key_import.check') }).click();
  await page.getByRole('button', { name: say('key_import.import_many', { count: 3 }) }).click();
  await expect(page.getByText(say('key_import.added_many', { count: 3 }))).toBeVisible();
}

/** Opens the dialog for the devices with these serial numbers. */
async function choose({ page, say }: Person, serials: readonly string[]): Promise<void> {
  await page.goto('/devices?serial=763601');
  for (const serial of serials) {
    await page.getByRole('checkbox', { name: say('meter.select', { serial }) }).check();
  }
  await page.getByRole('button', { name: say('transfer.offer'), exact: true }).click();
}

test('a dealer hands devices over for good and passes one on, which comes back, in German and English', async ({ arrive }) => {
  test.setTimeout(240_000);
  const dealer = await arrive('de');
  const { page, say } = dealer;

  await test.step('he offers two devices; a number of nobody is refused at its field', async () => {
    await dealer.signIn('200014');
    await importKeys(dealer);
    await choose(dealer, ['76360100', '76360104']);
    const dialog = page.getByRole('dialog', { name: say('transfer.offer_title') });
    const number = dialog.getByLabel(say('transfer.number'), { exact: true });
    await number.fill('104233');
    await dialog.getByRole('button', { name: say('transfer.offer_many', { count: 2 }) }).click();
    await expect(dialog.getByText(say('refusal.no_dealer'))).toBeVisible();
    await dealer.inspect();
    await number.fill('200021');
    await dialog.getByLabel(say('transfer.note')).fill('Gebiet Süd');
    await dialog.getByRole('button', { name: say('transfer.offer_many', { count: 2 }) }).click();
    await expect(page.getByText(say('transfer.offered_now', { count: 2 }))).toBeVisible();
    await dealer.open('nav.transfers');
    await expect(page.getByRole('button', { name: say('transfer.withdraw') })).toBeVisible();
    await dealer.inspect();
  });

  const other = await arrive('en');

  await test.step('the other dealer looks at them and accepts', async () => {
    await other.signIn('200021');
    await other.open('nav.transfers');
    const offer = other.page.getByRole('region').filter({ hasText: 'Gebiet Süd' });
    await offer.getByText(other.say('transfer.devices')).click();
    await expect(offer.getByText('76360104')).toBeVisible();
    await offer.getByRole('button', { name: other.say('transfer.decline'), exact: true }).click();
    await other.inspect();
    await offer.getByRole('button', { name: other.say('transfer.accept') }).click();
    await expect(other.page.getByText(other.say('transfer.accepted_now', { count: 2 }))).toBeVisible();
    await other.page.goto('/devices?serial=763601');
    await expect(other.page.getByRole('row')).toHaveCount(3);
    await other.page.getByRole('link', { name: '76360100' }).click();
    await expect(other.page.getByRole('region', { name: other.say('device.past') })).toContainText(other.say('device.past_handed'));
    await other.inspect();
  });

  await test.step('one device is passed on, and taken back by its serial number', async () => {
    await choose(dealer, ['76360109']);
    const dialog = page.getByRole('dialog', { name: say('transfer.offer_title') });
    await dialog.getByLabel(say('transfer.number'), { exact: true }).fill('200021');
    await dialog.getByLabel(say('transfer.kind'), { exact: true }).selectOption({ label: say('transfer.on_loan') });
    await dialog.getByRole('button', { name: say('transfer.offer_one') }).click();
    await expect(page.getByText(say('transfer.offered_now', { count: 1 }))).toBeVisible();
    await other.page.goto('/transfers');
    await other.page.getByRole('button', { name: other.say('transfer.accept') }).click();
    await expect(other.page.getByText(other.say('transfer.accepted_now', { count: 1 }))).toBeVisible();
    await page.goto('/transfers');
    await page.getByRole('button', { name: say('transfer.take_back') }).click();
    const serials = page.getByLabel(say('dealer.serials'), { exact: true });
    await serials.fill('7636');
    await page.getByRole('button', { name: say('transfer.take_back') }).click();
    await expect(page.getByText(say('refusal.not_a_serial'))).toBeVisible();
    await dealer.inspect();
    await serials.fill('76360109');
    await page.getByRole('button', { name: say('transfer.take_back') }).click();
    await expect(page.getByText(say('transfer.back_now', { count: 1 }))).toBeVisible();
    await page.goto('/devices?serial=763601');
    await expect(page.getByRole('row')).toHaveCount(2);
  });
});
