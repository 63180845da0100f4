import { element, indented, prose } from './elements.js';
import { limits, typeText } from './schema.js';

const token = document.getElementById('token');

// Sends a request below /api with the token, if there is one.
export async function send(api, method, path, { headers = {}, body } = {}) {
  if (token.value.trim()) {
    headers.authorization = `Bearer ${token.value.trim()}`;
  }
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
  }
  return fetch(api.servers[0].url + path, { method, headers, body });
}

// A form that calls the operation, and shows what comes.
export function requestForm(api, path, method, operation) {
  const parameters = (operation.parameters ?? []).map((one) => resolved(api, one));
  const fields = parameters.map((parameter) => field(api, parameter));
  const content = operation.requestBody?.content['application/json'];
  const body = content && element('textarea', {
    id: 'body', spellcheck: false, value: JSON.stringify(content.example ?? {}, null, 2),
  });
  const status = element('output', { id: 'status' });
  const result = element('pre', { id: 'result', tabIndex: 0, hidden: true });
  const form = element(
    'form', { id: 'request' },
    ...fields.map(({ row }) => row),
    ...(body ? [element('label', { htmlFor: 'body' }, 'Body'), body] : []),
    element('button', {}, 'Send'), status, result,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    status.value = '…';
    const answer = await call(api, path, method, fields, body?.value).catch((error) => ({ status: '', text: String(error) }));
    status.value = answer.status;
    result.hidden = false;
    result.textContent = answer.text;
  });
  return form;
}

// A parameter, which may be a reference to one.
const resolved = (api, parameter) => (parameter.$ref ? api.components.parameters[parameter.$ref.split('/').at(-1)] : parameter);

function field(api, parameter) {
  const { name, schema = {}, required = false, description = '', example } = parameter;
  const id = `parameter-${name}`;
  const input = element('input', { id, name, required, autocomplete: 'off', placeholder: typeText(api, schema) });
  if (parameter.in === 'path' && example !== undefined) {
    input.value = example;
  }
  const label = element('label', { htmlFor: id, className: required ? 'required' : '' }, name);
  const says = [description, limits(schema)].filter(Boolean).join(' ');
  return { parameter, input, row: element('div', { className: 'parameter' }, label, input, element('p', {}, ...prose(says))) };
}

async function call(api, path, method, fields, body) {
  const query = new URLSearchParams();
  const headers = {};
  let target = path;
  for (const { parameter, input } of fields.filter(({ input }) => input.value !== '')) {
    if (parameter.in === 'path') {
      target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    } else if (parameter.in === 'header') {
      headers[parameter.name] = input.value;
    } else {
      query.append(parameter.name, input.value);
    }
  }
  const started = performance.now();
  const response = await send(api, method, target + (query.size ? `?${query}` : ''), { headers, body });
  const text = await response.text();
  const shown = ['location', 'link', 'etag', 'retry-after'].filter((name) => response.headers.has(name))
    .map((name) => `${name}: ${response.headers.get(name)}\n`).join('');
  return {
    status: `${response.status} ${response.statusText} in ${Math.round(performance.now() - started)} ms`,
    text: [shown, indented(text)].filter(Boolean).join('\n'),
  };
}
