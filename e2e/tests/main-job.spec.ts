/** The main job: a customer reads invoices, a dealer hands over keys, somebody new registers and reads exactly those. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Person } from '../support/journey';
import { ROOT } from '../support/portal';
import { setUp } from '../support/second-factor';
import { LANGUAGES } from '../support/words';

const FIXTURES = join(ROOT, 'server/tests/fixtures');
const INVOICE = join(FIXTURES, 'invoices/xrechnung-ubl.xml');
const KEY_FILE = join(FIXTURES, 'meters/20260412_0900_selected_DownloadMeters.zip.kem');
const OTHER_KEY_FILE = join(FIXTURES, 'meters/20261018_1430_selected_DownloadDevices.zip.kem2');
const KEY_FILE_PASSWORD = '104233KH';
/** The key of the first device in the file. */
const KEY = '7B1E94D05CA8F3624E0D9B37C186AF52';
const EMAIL = 'thomas.nowak@neu.example';
const NEW_PASSWORD = 'Sieben-Wege-26';

interface Device {
  id: string;
  serialNumber: string;
  keyNames: string[];
}

interface Devices {
  devices: { nodes: Device[]; totalCount: number };
}

const DEVICES = 'query($filter: DeviceFilter) { devices(filter: $filter, first: 100) { totalCount nodes { id serialNumber keyNames } } }';

const REVEAL = 'mutation($input: RevealKeyInput!) { revealKey(input: $input) { key } }';

/** The devices that the API gives a person. */
async function devicesOf(person: Person, filter?: object): Promise<Device[]> {
  const { data } = await person.ask<Devices>(DEVICES, { filter });
  return data?.devices.nodes ?? [];
}

// As it is installed: dealers, staff and whoever reads a key need a second factor.
test.use({ settings: { KEYHAUS_REQUIRE_SECOND_FACTOR: 'true' } });

for (const language of LANGUAGES) {
  test(`the main job, in ${language}`, async ({ arrive, portal }) => {
    test.setTimeout(300_000);

    await test.step('a customer signs in and reads an invoice that was imported', async () => {
      const report = await portal.importInvoices(INVOICE);
      expect(report).toContain('104233');

      const customer = await arrive(language);
      const { page, say } = customer;
      await page.goto('/sign-in');
      await customer.inspect();
      await customer.signIn('104233');
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Aylin Öztürk');
      await customer.inspect();

      await customer.open('nav.products');
      await expect(page.getByRole('link', { name: 'Hosting Pro' })).toBeVisible();
      await customer.inspect();

      await customer.open('nav.invoices');
      await page.getByRole('link', { name: 'RE-2026-009417' }).first().click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('RE-2026-009417');
      await expect(page.getByText(language === 'de' ? /1\.332,65\s€/ : /€1,332\.65/).first()).toBeVisible();
      await customer.inspect();
      await customer.open('nav.invoices');
      await expect(page.getByRole('heading', { level: 1, name: say('nav.invoices') })).toBeVisible();
      await customer.inspect();

      const { data } = await customer.ask<{ invoices: { nodes: { originalUrl: string }[] } }>(
        '{ invoices(filter: { text: "RE-2026-009417" }) { nodes { originalUrl } } }',
      );
      const original = await page.request.get(data?.invoices.nodes[0]?.originalUrl ?? '');
      expect(await original.body()).toEqual(await readFile(INVOICE));
    });

    const dealer = await arrive(language);
    const imported: Device[] = [];

    await test.step('a dealer imports devices with their keys', async () => {
      const { page, say } = dealer;
      await dealer.signIn('200014');
      await expect(page.getByRole('heading', { level: 1, name: say('second_factor.needed_title') })).toBeVisible();
      await setUp(dealer);
      await dealer.open('nav.imports');
      await page.getByLabel(say('key_import.file'), { exact: true }).setInputFiles(KEY_FILE);
      await page.getByLabel(say('key_import.password'), { exact: true }).fill('not this one');
      await page.getByRole('button', { name: say('key_import.check') }).click();
      await expect(page.getByText(say('refusal.wrong_file_password'))).toBeVisible();
      await dealer.inspect();

      await page.getByLabel(say('key_import.password'), { exact: true }).fill(KEY_FILE_PASSWORD);
      await page.getByRole('button', { name: say('key_import.check') }).click();
      const preview = page.getByRole('region', { name: say('key_import.preview') });
      await expect(preview).toBeVisible();
      await dealer.inspect();
      await expect(preview.getByRole('rowheader')).toHaveText(['76360100', '76360104', '76360109']);
      expect(await devicesOf(dealer, { serialPrefix: '763601' })).toEqual([]);
      await page.getByRole('button', { name: say('key_import.import_many', { count: 3 }) }).click();
      await expect(page.getByText(say('key_import.added_many', { count: 3 }))).toBeVisible();
      await dealer.inspect();

      for (const serial of ['76360100', '76360104', '76360109']) {
        const [device] = await devicesOf(dealer, { serialPrefix: serial });
        if (device === undefined) throw new Error(`${serial} was not imported`);
        imported.push(device);
      }

      await page.getByLabel(say('key_import.file'), { exact: true }).setInputFiles(OTHER_KEY_FILE);
      await page.getByLabel(say('key_import.password'), { exact: true }).fill(KEY_FILE_PASSWORD);
      await page.getByRole('button', { name: say('key_import.check') }).click();
      await expect(preview).toContainText('KEM2');
    });

    const [first, second, third] = imported as [Device, Device, Device];

    await test.step('he gives somebody the right to read two of them', async () => {
      const { page, say } = dealer;
      await dealer.open('nav.devices');
      await expect(page.getByRole('heading', { level: 1, name: say('nav.devices') })).toBeVisible();
      await dealer.inspect();
      await page.getByLabel(say('meter.serial_number'), { exact: true }).fill('763601');
      await expect(page.getByRole('row')).toHaveCount(4);
      for (const { serialNumber } of [first, second]) {
        await page.getByRole('checkbox', { name: say('meter.select', { serial: serialNumber }) }).check();
      }
      await expect(page.getByText(say('meter.selected', { count: 2, total: 3 }))).toBeVisible();
      await dealer.inspect();

      await page.getByRole('button', { name: say('meter.edit_rights') }).click();
      const dialog = page.getByRole('dialog', { name: say('access.assign_title') });
      await expect(dialog).toBeVisible();
      await expect(dialog).toContainText(first.serialNumber);
      const give = dialog.getByRole('button', { name: say('access.assign_many', { count: 2 }) });
      await dialog.getByLabel(say('access.email'), { exact: true }).fill('thomas.nowak');
      await give.click();
      await expect(dialog.getByText(say('refusal.not_an_email'))).toBeVisible();
      await dealer.inspect();
      await dialog.getByLabel(say('access.email'), { exact: true }).fill(EMAIL);
      await give.click();
      await expect(page.getByText(say('access.assigned_many', { count: 2, email: EMAIL }))).toBeVisible();

      await dealer.open('nav.read_rights');
      await expect(page.getByRole('row').filter({ hasText: EMAIL })).toContainText(say('access.pending'));
      await dealer.inspect();
    });

    await test.step('the mail leads to registration, and the new user reads exactly these two', async () => {
      const reader = await arrive(language);
      const { page, say } = reader;
      await page.goto('/demo/mails');
      const mail = page.getByRole('article').filter({ hasText: EMAIL });
      await expect(mail).toHaveCount(1);
      await reader.inspect();
      await mail.getByRole('link', { name: say('mail.open_link') }).click();

      await expect(page.getByRole('heading', { level: 1, name: say('register.title') })).toBeVisible();
      await expect(page.getByText(say('register.offer_many', { from: 'Haustechnik Brandt & Söhne KG', count: 2 }))).toBeVisible();
      const rules = page.locator('#policy li');
      const met = page.locator('#policy li[data-tone="good"]');
      await expect(rules).toHaveCount(6);
      await expect(met).toHaveCount(0);
      await reader.inspect();
      const password = page.getByLabel(say('register.password'), { exact: true });
      await password.fill('sieben');
      await expect(met).toHaveText([say('register.rule_lower'), say('register.rule_name')].map((rule) => new RegExp(escape(rule))));
      await password.fill(NEW_PASSWORD);
      await expect(met).toHaveCount(6);
      await page.getByLabel(say('register.repeat'), { exact: true }).fill(NEW_PASSWORD);
      await reader.inspect();
      await page.getByRole('button', { name: say('register.submit') }).click();

      await expect(page.locator('.avatar[popovertarget]')).toBeVisible();
      await reader.open('nav.meters');
      for (const { serialNumber } of [first, second]) await expect(page.getByText(serialNumber)).toBeVisible();
      await expect(page.getByText(third.serialNumber)).toHaveCount(0);
      await reader.inspect();
      expect((await devicesOf(reader)).map((device) => device.id).sort()).toEqual([first.id, second.id].sort());

      await page.getByText(first.serialNumber).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText(first.serialNumber);
      await reader.inspect();

      const address = page.url();
      await page.getByRole('button', { name: say('device.reveal') }).click();
      await expect(page.getByText(say('refusal.second_factor'))).toBeVisible();
      await reader.inspect();
      await setUp(reader, {
        before: async () => {
          const dialog = page.getByRole('dialog', { name: say('step_up.title') });
          await expect(dialog).toBeVisible();
          await dialog.getByLabel(say('step_up.password'), { exact: true }).fill('Sieben-Wege-27');
          await dialog.getByRole('button', { name: say('step_up.submit') }).click();
          await expect(dialog.getByText(say('step_up.wrong'))).toBeVisible();
          await reader.inspect();
          await dialog.getByLabel(say('step_up.password'), { exact: true }).fill(NEW_PASSWORD);
          await dialog.getByRole('button', { name: say('step_up.submit') }).click();
        },
      });
      await page.goto(address);
      await page.getByRole('button', { name: say('device.reveal') }).click();
      await expect(page.locator('.keycode')).toHaveText(KEY);
      await reader.inspect();

      const third_ = await reader.ask('query($id: DeviceId!) { device(id: $id) { id } }', { id: third.id });
      expect(third_.errors?.map((error) => error.extensions.code)).toEqual(['NOT_FOUND']);
      const key = await reader.ask(REVEAL, { input: { deviceId: third.id, name: third.keyNames[0] } });
      expect(key.errors?.map((error) => error.extensions.code)).toEqual(['NOT_FOUND']);
      await page.goto(new URL(page.url()).pathname.replace(first.id, third.id));
      await expect(page.getByText(say('failed.not_found'))).toBeVisible();
      await expect(page.getByText(third.serialNumber)).toHaveCount(0);
      await reader.inspect();
    });
  });
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
