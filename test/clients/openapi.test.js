import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTS, { astToString } from 'openapi-typescript';
import { compile } from './compile.js';
import { folder, stock, url } from './stoa.js';

const api = url.replace('/graphql', '/api');
const token = process.env.STOA_TOKEN;

const describe = async () => (await fetch(`${api}/openapi.json`)).json();

test('the description is valid', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(await describe());
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, '3.1');
});

test('a program over the generated types compiles and runs', async () => {
  const { category, products } = await stock('openapi', 5);
  await writeFile(join(folder, 'api.ts'), astToString(await openapiTS(await describe())));
  const { newShop, productsOf, create, reprice, remove } = await compile('openapi/shop.ts');
  const shop = newShop(api, token);

  const listed = await productsOf(newShop(api), category);
  assert.deepEqual(listed.map(({ id }) => id), products);

  const { product, status, location } = await create(shop, { name: 'Lute', price: '1250.00', categoryId: category });
  assert.equal(status, 201);
  assert.equal(location, `/api/products/${product.id}`);
  assert.equal(product.price, '1250.00');

  const cheaper = await reprice(shop, product, '1190.00');
  assert.equal(cheaper.version, 2);
  assert.equal(await reprice(shop, product, '990.00'), undefined);

  const { problem, status: refused } = await create(shop, { name: ' ', price: '-1', categoryId: category });
  assert.equal(refused, 422);
  assert.deepEqual(problem.errors.map(({ field, reason }) => [field, reason]), [['name', 'BLANK'], ['price', 'TOO_SMALL']]);
  const { status: unknown } = await create(newShop(api), { name: 'Lute', price: '1', categoryId: category });
  assert.equal(unknown, 401);

  assert.deepEqual([await remove(shop, product.id), await remove(shop, product.id)], [204, 404]);
});
