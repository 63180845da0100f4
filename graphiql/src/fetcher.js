import { createGraphiQLFetcher } from '@graphiql/toolkit';

// Relative to the page: the server that served it is the one that answers.
const url = new URL('graphql', document.baseURI).href;

// How every request leaves the page. What is typed into the header editor goes with it.
export const fetcher = createGraphiQLFetcher({ url, enableIncrementalDelivery: false });
