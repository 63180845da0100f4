import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

export type Product = components['schemas']['Product'];
export type Problem = components['schemas']['Problem'];

export const newShop = (baseUrl: string, token?: string) => createClient<paths>({
  baseUrl,
  headers: token ? { authorization: `Bearer ${token}` } : {},
});

type Shop = ReturnType<typeof newShop>;

// All products of a category, page by page.
export async function productsOf(shop: Shop, category: string): Promise<Product[]> {
  const products: Product[] = [];
  let after: string | undefined;
  do {
    const { data, error } = await shop.GET('/categories/{id}/products', {
      params: { path: { id: category }, query: { first: 2, after, sort: 'name', total: true } },
    });
    if (!data) {
      throw new Error(error.detail);
    }
    products.push(...data.nodes);
    after = data.pageInfo.hasNextPage ? data.pageInfo.endCursor ?? undefined : undefined;
  } while (after);
  return products;
}

// Creates a product, or tells why it cannot be.
export async function create(shop: Shop, body: components['schemas']['CreateProductInput']) {
  const { data, error, response } = await shop.POST('/products', { body });
  return { product: data, problem: error, status: response.status, location: response.headers.get('location') };
}

// Sets the price of that version; undefined when there is a newer one.
export async function reprice(shop: Shop, { id, version }: Product, price: string): Promise<Product | undefined> {
  const { data, error } = await shop.PATCH('/products/{id}', {
    params: { path: { id }, query: { ifVersion: version } },
    body: { price },
  });
  if (error && error.errors?.[0]?.reason !== 'STALE') {
    throw new Error(error.detail);
  }
  return data;
}

export async function remove(shop: Shop, id: string): Promise<number> {
  const { response } = await shop.DELETE('/products/{id}', { params: { path: { id } } });
  return response.status;
}

// What the types must not let pass.
export async function wrong(shop: Shop, product: Product): Promise<void> {
  // @ts-expect-error: nothing is there
  await shop.GET('/productz');
  // @ts-expect-error: the id is missing
  await shop.GET('/products/{id}');
  // @ts-expect-error: the price is missing
  await shop.POST('/products', { body: { name: 'Lute', categoryId: 'x' } });
  // @ts-expect-error: a sku may be null
  product.sku.length;
}
