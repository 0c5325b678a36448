/** Keys in use: shown, downloaded, proven by telegrams, and approved by a second person where the quota is used up. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Person } from '../support/journey';
import { press, reach, type } from '../support/keyboard';
import { ROOT } from '../support/portal';

const FIXTURES = join(ROOT, 'server/tests/fixtures/meters');
const KEY_FILE = join(FIXTURES, '20260412_0900_selected_DownloadMeters.zip.kem');
const KEY_FILE_PASSWORD = '104233KH';
/** The key of the first device in the file. */
const KEY = '7B1E94D05CA8F3624E0D9B37C186AF52';
const EMAIL = 'zwei@haustechnik-brandt.example';
const NEW_PASSWORD = 'Sieben-Wege-26';
const PHONE = { width: 360, height: 780 };

/** How many keys a person may see in an hour here. */
test.use({ settings: { KEYHAUS_KEY_QUOTA: '3' } });

/** The telegrams of the project, by the numbers of their meters. */
async function telegrams(): Promise<Map<string, string>> {
  const text = await readFile(join(FIXTURES, 'telegrams.tsv'), 'utf8');
  const rows = text.trim().split('\n').slice(1);
  return new Map(rows.map((row) => row.split('\t')).map(([serial = '', , telegram = '']) => [serial, telegram]));
}

/** Imports the project's key file. */
async function importKeys({ page, say }: Person): Promise<void> {
  await page.goto('/imports');
  await page.getByLabel(say('key_import.file'), { exact: true }).setInputFiles(KEY_FILE);
  await page.getByLabel(say('key_import.password'), { exact: true }).fill(KEY_FILE_PASSWORD);
  await page.getByRole('button', { name: say('key_import.check') }).click();
  await page.getByRole('button', { name: say('key_import.import_many', { count: 3 }) }).click();
  await expect(page.getByText(say('key_import.added_many', { count: 3 }))).toBeVisible();
}

/** Downloads one of the forms and gives the name of the file and how it begins. */
async function take({ page, say }: Person, form: string): Promise<{ name: string; start: string }> {
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: `${say('key_use.take')} ${form}`, exact: true }).click();
  const download = await file;
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), start: bytes.subarray(0, 2).toString('latin1') };
}

test('keys are shown, downloaded and proven, and above the quota a second person approves', async ({ arrive }) => {
  test.setTimeout(240_000);
  const dealer = await arrive('de');
  const second = await arrive('de');
  const { page, say } = second;

  await test.step('a dealer has devices, and a colleague who may read keys', async () => {
    await dealer.signIn('200014');
    await importKeys(dealer);
    await dealer.ask('mutation($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }', {
      input: { email: EMAIL, userName: '200014/zwei', name: 'Miriam Zwei', rights: ['READ_KEYS'] },
    });
    await page.goto('/demo/mails');
    await page.getByRole('article').filter({ hasText: EMAIL }).first().getByRole('link', { name: say('mail.open_link') }).click();
    await page.getByLabel(say('register.password'), { exact: true }).fill(NEW_PASSWORD);
    await page.getByLabel(say('register.repeat'), { exact: true }).fill(NEW_PASSWORD);
    await page.getByRole('button', { name: say('member.accept') }).click();
    await expect(page.getByText(say('member.welcome', { account: 'Haustechnik Brandt & Söhne KG' }))).toBeVisible();
  });

  await test.step('a key is shown after the password, and hidden again', async () => {
    await page.goto('/devices?serial=76360100');
    await page.getByRole('link', { name: '76360100' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('76360100');
    await second.inspect();
    await page.getByRole('button', { name: say('device.reveal') }).click();
    const dialog = page.getByRole('dialog', { name: say('step_up.title') });
    await dialog.getByLabel(say('step_up.password'), { exact: true }).fill(NEW_PASSWORD);
    await dialog.getByRole('button', { name: say('step_up.submit') }).click();
    const shown = page.getByRole('group', { name: say('device.key_of', { name: 'DEK' }) });
    await expect(shown).toHaveText(KEY);
    await expect(page.getByRole('button', { name: `${say('ui.copy')} DEK` })).toBeVisible();
    await second.inspect();
    await page.getByRole('button', { name: say('ui.hide') }).click();
    await expect(shown).toHaveCount(0);
    await expect(page.getByRole('button', { name: say('device.reveal') })).toBeVisible();
  });

  await test.step('it is downloaded, and the password of a key file is shown once', async () => {
    const wmbusmeters = await take(second, 'wmbusmeters');
    expect(wmbusmeters.name).toMatch(/\.zip$/);
    expect(wmbusmeters.start).toBe('PK');
    await expect(page.getByText(say('key_use.password'))).toHaveCount(0);
    await take(second, 'KEM');
    const password = page.getByRole('group', { name: say('key_use.password_label') });
    await expect(password).toHaveText(/^[A-Z2-9]{16}$/);
    await second.inspect();
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('76360100');
    await expect(password).toHaveCount(0);
  });

  await test.step('the quota is used up, and he asks for approval', async () => {
    await page.getByRole('button', { name: `${say('key_use.take')} JSON`, exact: true }).click();
    await expect(page.getByText(say('refusal.key_quota'))).toBeVisible();
    await second.inspect();
    await page.getByRole('button', { name: say('key_use.ask') }).click();
    await expect(page.getByText(say('key_use.asked'))).toBeVisible();
    await page.getByRole('alert').getByRole('link', { name: say('key_use.approvals') }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('key_use.approvals'));
    await expect(page.getByText(say('key_use.pending')).first()).toBeVisible();
    await second.inspect();
  });

  await test.step('the dealer finds it where his work begins and approves it', async () => {
    await dealer.page.goto('/');
    await dealer.page.getByRole('link', { name: `${say('key_use.approvals')} (` }).click();
    const row = dealer.page.getByRole('listitem').filter({ hasText: 'Miriam Zwei' });
    await expect(row).toContainText(say('key_use.pending'));
    await dealer.inspect();
    await row.getByRole('button', { name: say('key_use.approve') }).click();
    await expect(row).toContainText(say('key_use.open'));
  });

  await test.step('what was approved is downloaded once', async () => {
    await page.reload();
    await expect(page.getByText(say('key_use.open'), { exact: true })).toBeVisible();
    await page.getByRole('button', { name: say('key_use.take'), exact: true }).click();
    await expect(page.getByRole('dialog', { name: say('key_use.take_title') })).toBeVisible();
    await second.inspect();
    expect((await take(second, 'JSON')).start).toBe('PK');
    await page.keyboard.press('Escape');
    await expect(page.getByText(say('key_use.used'), { exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: say('key_use.take'), exact: true })).toHaveCount(0);
  });

  await test.step('telegrams find their devices and prove the keys', async () => {
    const known = await telegrams();
    await page.goto('/prove');
    await page.getByRole('button', { name: say('prove.prove'), exact: true }).click();
    await expect(page.locator('#telegrams')).toHaveAttribute('aria-invalid', 'true');
    await page.getByLabel(say('prove.telegrams'), { exact: true }).fill([known.get('76360100'), known.get('76360104'), known.get('00417733')].join('\n'));
    await page.getByRole('button', { name: say('prove.prove'), exact: true }).click();
    const fits = page.getByRole('region', { name: say('prove.ok') });
    await expect(fits).toHaveCount(2);
    await expect(fits.first()).toContainText('TPL mode 5');
    await expect(fits.first()).toContainText(say('prove.chance', { cases: '65.536' }));
    await expect(fits.first().getByRole('link', { name: 'KAM 76360100' })).toHaveAttribute('href', /\/devices\//);
    await expect(page.getByRole('region', { name: say('prove.unknown') })).toHaveCount(1);
    await second.inspect();
  });
});

test('selected keys are downloaded and a telegram is proven in English, by keyboard, on a phone', async ({ arrive }) => {
  test.setTimeout(180_000);
  const dealer = await arrive('en');
  const { page, say } = dealer;
  await dealer.signIn('200014');
  await importKeys(dealer);
  await page.setViewportSize(PHONE);
  await page.goto('/devices?serial=763601');
  for (const serial of ['76360100', '76360104']) {
    await press(page, page.getByRole('checkbox', { name: say('meter.select', { serial }) }), 'Space');
  }
  await press(page, page.getByRole('button', { name: say('key_use.take_keys') }));
  const dialog = page.getByRole('dialog', { name: say('key_use.take_title') });
  await expect(dialog).toBeVisible();
  await dealer.inspect();
  await page.setViewportSize(PHONE);
  const file = page.waitForEvent('download');
  await press(page, dialog.getByRole('button', { name: `${say('key_use.take')} Home Assistant` }));
  expect((await file).suggestedFilename()).toMatch(/\.zip$/);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  const telegram = (await telegrams()).get('76360104') ?? '';
  await page.goto('/prove');
  await type(page, page.getByLabel(say('prove.telegrams'), { exact: true }), telegram);
  await press(page, page.getByRole('button', { name: say('prove.prove'), exact: true }));
  const fits = page.getByRole('region', { name: say('prove.ok') });
  await expect(fits).toContainText('ELL AES-CTR');
  await expect(fits).toContainText(say('prove.chance', { cases: '65,536' }));
  await dealer.inspect();
  await page.setViewportSize(PHONE);
  await press(page, fits.getByRole('link', { name: 'KAM 76360104' }));
  await expect(page.getByRole('heading', { level: 1 })).toContainText('76360104');
  await reach(page, page.getByRole('link', { name: `${say('key_use.how')} wmbusmeters` }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How do I read my meter with wmbusmeters?');
});
