import type { Client } from '@urql/core';
import { ShopDocument, StockDocument } from './documents.js';
import type { ShopQueryVariables, StockMutation } from './documents.js';
import type { Scalars } from './types.js';

export type Shop = { names: string[]; prices: Scalars['Decimal']['output'][]; stocked: StockMutation['setInventory'] };

// Reads the last two of a category's products by name, and sets their inventory.
export async function shop(client: Client, category: string): Promise<Shop> {
  const variables: ShopQueryVariables = {
    category,
    filter: { priceMin: '1', or: [{ inStock: false }, { priceMax: 2 }] },
    sortBy: { field: 'NAME', direction: 'DESC' },
  };
  const { data, error } = await client.query(ShopDocument, variables);
  if (!data?.category) {
    throw error ?? new Error('There is no such category.');
  }
  const { name, products } = data.category;
  const input = products.nodes.map(({ id }) => ({ productId: id, inventory: 7 }));
  const stocked = await client.mutation(StockDocument, { input });
  if (!stocked.data) {
    throw stocked.error;
  }
  return {
    names: [name, ...products.nodes.map((product) => product.name)],
    prices: products.nodes.map(({ price }) => price),
    stocked: stocked.data.setInventory,
  };
}

// What the types must not let pass.
export const wrong: ShopQueryVariables[] = [
  // @ts-expect-error: the category is missing
  {},
  // @ts-expect-error: nothing is sorted by colour
  { category: 'x', sortBy: { field: 'COLOUR' } },
  // @ts-expect-error: a price is no boolean
  { category: 'x', filter: { priceMin: true } },
];
