/** Webhooks: staff adds an endpoint, sees what arrived there, and sends it again. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../support/journey';

interface Taken {
  id: string;
  timestamp: string;
  signature: string;
  body: string;
}

test('staff adds an endpoint, sees a delivery and sends it again', async ({ arrive }) => {
  test.setTimeout(180_000);
  const taken: Taken[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const header = (name: string) => String(request.headers[name] ?? '');
      taken.push({ id: header('webhook-id'), timestamp: header('webhook-timestamp'), signature: header('webhook-signature'), body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
  const { port } = receiver.address() as AddressInfo;
  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn('j.reimann@lindwerk.example');
  await staff.open('nav.webhooks');
  let secret = '';

  await test.step('an address that is none is refused at its field', async () => {
    await page.getByRole('button', { name: say('webhook.create') }).click();
    await page.getByLabel(say('webhook.name'), { exact: true }).fill('ERP');
    await page.locator('#webhook-url').fill('http://erp.example/');
    await page.getByRole('button', { name: say('webhook.save') }).click();
    await expect(page.getByText(say('refusal.not_a_web_address'))).toBeVisible();
    await staff.inspect({ schemes: ['light'] });
  });

  await test.step('the secret of a new endpoint is shown once', async () => {
    await page.locator('#webhook-url').fill(`http://127.0.0.1:${port}/hooks`);
    await page.getByRole('button', { name: say('webhook.save') }).click();
    secret = (await page.locator('#webhook-secret').textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);
    await page.getByRole('button', { name: say('webhook.close') }).click();
    await expect(page.getByText(`http://127.0.0.1:${port}/hooks`)).toBeVisible();
  });

  await test.step('a test arrives, signed', async () => {
    await page.getByRole('button', { name: `${say('webhook.send_test')} ERP` }).click();
    await expect.poll(() => taken.length).toBe(1);
    const one = taken.at(0);
    if (one === undefined) throw new Error('nothing arrived');
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', key).update(`${one.id}.${one.timestamp}.${one.body}`).digest('base64');
    expect(one.signature).toBe(`v1,${mac}`);
    expect((JSON.parse(one.body) as { type: string }).type).toBe('test');
  });

  await test.step('the log shows it, and sends it again with the same id', async () => {
    await page.getByRole('button', { name: say('webhook.refresh') }).click();
    await expect(page.getByRole('table').getByText(say('webhook.delivered'), { exact: true }).first()).toBeVisible();
    await staff.inspect();
    await page.getByRole('button', { name: `${say('webhook.replay')} ${say('webhook.test')}` }).click();
    await expect.poll(() => taken.length).toBe(2);
    expect(taken.at(1)?.id).toBe(taken.at(0)?.id);
  });
  receiver.close();
});
