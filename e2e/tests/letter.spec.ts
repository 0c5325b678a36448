/** A customer without an e-mail address: staff prints a letter, and the customer gets in with the code in it. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/journey';

test('staff prints the access letter of a customer without an address', async ({ arrive }) => {
  const staff = await arrive('de');
  const { page, say } = staff;
  await staff.signIn('j.reimann@lindwerk.example');
  const create = 'mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { accountId } } }';
  const input = { number: '105555', name: 'Gärtnerei Lüders', street: 'Am Hang 3', postalCode: '45468', city: 'Mülheim' };
  const made = await staff.ask<{ createCustomer: { customer: { accountId: string } } }>(create, { input });
  await page.goto(`/customers/${made.data?.createCustomer.customer.accountId ?? ''}`);
  await staff.inspect();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: say('office.letter') }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('105555.pdf');
  expect((await readFile(await file.path())).subarray(0, 8).toString()).toBe('%PDF-1.7');
  await expect(page.getByText(say('letter.made'))).toBeVisible();
  await staff.inspect();
});
