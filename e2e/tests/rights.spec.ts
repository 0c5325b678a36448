/** Read rights: given to many by a list, seen in use, taken back together, and what a receipt says of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Person } from '../support/journey';
import { ROOT } from '../support/portal';
import { LANGUAGES } from '../support/words';

const KEY_FILE = join(ROOT, 'server/tests/fixtures/meters/20260412_0900_selected_DownloadMeters.zip.kem');
const KEY_FILE_PASSWORD = '104233KH';
const EMAIL = 'jule.winter@neu.example';
const NEW_PASSWORD = 'Sieben-Wege-26';

/** Two rights to give, and two rows that name no device or no address. */
const LIST = ['serial;email;until;note', `76360100;${EMAIL};31.12.2031;Haus 7`, `76360104;${EMAIL};31.12.2031;Haus 7`, `12345678;${EMAIL};;`, '76360109;jule.winter;;'].join('\n');

/** Imports the project's key file. */
async function importKeys({ page, say }: Person): Promise<void> {
  await page.goto('/imports');
  await page.getByLabel(say('key_import.file'), { exact: true }).setInputFiles(KEY_FILE);
  await page.getByLabel(say('key_import.password'), { exact: true }).fill(KEY_FILE_PASSWORD);
  await page.getByRole('button', { name: say('key_import.check') }).click();
  await page.getByRole('button', { name: say('key_import.import_many', { count: 3 }) }).click();
  await expect(page.getByText(say('key_import.added_many', { count: 3 }))).toBeVisible();
}

for (const language of LANGUAGES) {
  test(`rights are given by a list, seen in use and taken back, in ${language}`, async ({ arrive }) => {
    test.setTimeout(240_000);
    const dealer = await arrive(language);
    const { page, say } = dealer;

    await test.step('a list shows what becomes of each row before anything is given', async () => {
      await dealer.signIn('200014');
      await importKeys(dealer);
      await dealer.open('nav.read_rights');
      await page.getByRole('link', { name: say('access.from_list') }).click();
      await page.getByRole('button', { name: say('key_import.check') }).click();
      await expect(page.getByText(say('key_import.missing_file'))).toBeVisible();
      await dealer.inspect();
      const file = { name: 'rechte.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) };
      await page.getByLabel(say('key_import.file'), { exact: true }).setInputFiles(file);
      await page.getByRole('button', { name: say('key_import.check') }).click();
      const preview = page.getByRole('region', { name: say('key_import.preview') });
      await expect(preview.getByRole('status')).toHaveText(say('access.sums', { count: 2, mails: 1, rest: 2 }));
      await expect(preview.getByRole('row').filter({ hasText: '12345678' })).toContainText(say('access.row_unknown'));
      await expect(preview.getByRole('row').filter({ hasText: '76360109' })).toContainText(say('access.row_not_an_email'));
      await dealer.inspect();
      await preview.getByRole('button', { name: say('access.give_many', { count: 2 }) }).click();
      await expect(preview.getByRole('status')).toHaveText(say('access.sums_done', { count: 2, mails: 1, rest: 2 }));
      await dealer.inspect();
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: say('access.report') }).click();
      const report = await readFile(await (await download).path(), 'utf8');
      expect(report).toContain('76360109');
    });

    const reader = await arrive(language);

    await test.step('one mail brings both devices, and a key of one is looked at', async () => {
      await reader.page.goto('/demo/mails');
      const mails = reader.page.getByRole('article').filter({ hasText: EMAIL });
      await expect(mails).toHaveCount(1);
      await mails.getByRole('link', { name: say('mail.open_link') }).click();
      await reader.page.getByLabel(say('register.password'), { exact: true }).fill(NEW_PASSWORD);
      await reader.page.getByLabel(say('register.repeat'), { exact: true }).fill(NEW_PASSWORD);
      await reader.page.getByRole('button', { name: say('register.submit') }).click();
      await reader.open('nav.meters');
      await expect(reader.page.getByText('76360104')).toBeVisible();
      await reader.page.getByText('76360100').click();
      await reader.page.getByRole('button', { name: say('device.reveal') }).click();
      const dialog = reader.page.getByRole('dialog', { name: say('step_up.title') });
      await dialog.getByLabel(say('step_up.password'), { exact: true }).fill(NEW_PASSWORD);
      await dialog.getByRole('button', { name: say('step_up.submit') }).click();
      await expect(reader.page.locator('.keycode')).toBeVisible();
    });

    await test.step('the dealer finds the rights by address and takes them back together', async () => {
      await dealer.open('nav.read_rights');
      await page.getByLabel(say('access.address'), { exact: true }).fill('jule.winter');
      const row = page.getByRole('row').filter({ hasText: EMAIL });
      await expect(row).toHaveCount(1);
      await expect(row).toContainText(say('access.active'));
      await expect(row).toContainText('Haus 7');
      await dealer.inspect();
      await page.getByRole('checkbox', { name: say('meter.select_this_page') }).check();
      await expect(page.getByText(say('access.selected_rights', { count: 1 }))).toBeVisible();
      await dealer.inspect();
      await page.getByRole('button', { name: say('access.revoke'), exact: true }).click();
      const dialog = page.getByRole('dialog', { name: say('access.revoke_title') });
      await expect(dialog).toContainText(say('access.question_many', { email: EMAIL, count: 2 }));
      await dealer.inspect();
      await dialog.getByRole('button', { name: say('access.revoke'), exact: true }).click();
      await expect(row).toContainText(say('access.taken'));
    });

    await test.step('the receipt says that one key was seen, on the page and as a file', async () => {
      await page.getByRole('link', { name: EMAIL }).click();
      await expect(page.getByRole('heading', { level: 1, name: say('access.receipt') })).toBeVisible();
      await expect(page.getByText(say('access.seen', { seen: 1, all: 2 }))).toBeVisible();
      await dealer.inspect();
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: say('access.receipt_pdf') }).click();
      const bytes = await readFile(await (await download).path());
      expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    });

    await test.step('the reader has no devices any more', async () => {
      await reader.page.goto('/devices');
      await expect(reader.page.getByText('76360104')).toHaveCount(0);
      await expect(reader.page.locator('.empty')).toBeVisible();
      await reader.inspect();
    });
  });
}
