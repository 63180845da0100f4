// What TestClients tells: where Stoa answers, the header of an admin, and an empty folder but for
// schema.graphql, which is what `stoa schema` prints.
export const url = process.env.STOA_URL;
export const authorization = { authorization: `Bearer ${process.env.STOA_TOKEN}` };
export const folder = process.env.STOA_FOLDER;

// Runs a document as the admin and returns its data.
export async function ask(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) {
    throw new Error(JSON.stringify(errors));
  }
  return data;
}

// Makes a category of that name with so many products, at most 100; returns the id of the one and
// those of the others. They are made in the order of their skus, hence the zeros.
export async function stock(name, count) {
  const { createCategory } = await ask(
    'mutation ($name: String!) { createCategory(input: { name: $name }) { id } }',
    { name },
  );
  const category = createCategory.id;
  const input = Array.from({ length: count }, (_, i) => `${name} ${String(i).padStart(2, '0')}`)
    .map((product) => ({ sku: product.replaceAll(' ', '-'), name: product, price: '1.50', categoryId: category }));
  const { upsertProducts } = await ask(
    'mutation ($input: [UpsertProductInput!]!) { upsertProducts(input: $input) { id } }',
    { input },
  );
  return { category, products: upsertProducts.map((product) => product.id) };
}

const rename = {
  operation: 'mutation',
  document: 'mutation Rename($id: ID!, $name: String) { updateProduct(id: $id, input: { name: $name }) { id } }',
  variables: { id: 'x', name: ' ' },
};

// Operations that are refused, each at another place, and the code that the client has to see.
export const refusals = [
  { what: 'a field that is not there', operation: 'query', document: 'query Wrong { productz { id } }', code: 'GRAPHQL_VALIDATION_FAILED' },
  {
    what: 'too much',
    operation: 'query',
    document: 'query Large { categories(first: 100) { nodes { products(first: 100) { nodes { id } } } } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  { what: 'a bad token', ...rename, headers: { authorization: 'Bearer bad' }, code: 'UNAUTHENTICATED' },
  { what: 'no token', ...rename, code: 'UNAUTHENTICATED' },
  { what: 'a blank name', ...rename, headers: authorization, code: 'BAD_USER_INPUT' },
];
