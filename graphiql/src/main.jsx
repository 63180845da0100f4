import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './style.css';

import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { examples } from './examples.js';
import { fetcher } from './fetcher.js';
import { loginPlugin } from './login.jsx';

const plugins = [HISTORY_PLUGIN, loginPlugin];

createRoot(document.getElementById('root')).render(
  <GraphiQL fetcher={fetcher} defaultTabs={examples} plugins={plugins}>
    <GraphiQL.Logo>Stoa</GraphiQL.Logo>
  </GraphiQL>,
);
