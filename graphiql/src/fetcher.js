import { createGraphiQLFetcher } from '@graphiql/toolkit';

import { url } from './api.js';
import { fetchAsViewer } from './session.js';

// How every request leaves the page. What is typed into the header editor goes with it.
export const fetcher = createGraphiQLFetcher({ url, fetch: fetchAsViewer, enableIncrementalDelivery: false });
