import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-sse';

import { url } from './api.js';
import { fetchAsViewer } from './session.js';

// How every request leaves the page; subscriptions as streams of server-sent events. What is typed
// into the header editor goes with it.
export const fetcher = (request, options) =>
  createGraphiQLFetcher({
    url,
    fetch: fetchAsViewer,
    enableIncrementalDelivery: false,
    wsClient: createClient({ url, fetchFn: fetchAsViewer, headers: options?.headers }),
  })(request, options);
