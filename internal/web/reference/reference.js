import { element, prose } from './elements.js';
import { enableLogin } from './login.js';
import { requestForm } from './request.js';
import { typeText } from './schema.js';

const api = await (await fetch('api/openapi.json')).json();
const nav = document.getElementById('operations');
const article = document.getElementById('operation');

const operations = Object.entries(api.paths).flatMap(([path, methods]) => (
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation }))
));

// A response, which may be a reference to one.
const resolved = (response) => (response.$ref ? api.components.responses[response.$ref.split('/').at(-1)] : response);

function responses(operation) {
  return Object.entries(operation.responses).flatMap(([status, reference]) => {
    const { description, headers = {}, content = {} } = resolved(reference);
    const names = Object.keys(headers).join(', ');
    const bodies = Object.entries(content).map(([type, { schema, example }]) => element(
      'details', { open: status < 300 },
      element('summary', {}, type),
      element('pre', {}, typeText(api, schema)),
      ...(example === undefined ? [] : [element('p', {}, 'For example:'), element('pre', {}, JSON.stringify(example, null, 2))]),
    ));
    return [
      element('dt', {}, status),
      element('dd', {}, ...prose(description), ...(names ? [element('p', {}, `Headers: ${names}`)] : []), ...bodies),
    ];
  });
}

function show(operation, button) {
  for (const other of nav.querySelectorAll('button')) {
    other.setAttribute('aria-current', other === button);
  }
  const body = operation.requestBody?.content['application/json'].schema;
  article.replaceChildren(
    element('h2', {}, `${operation.method} ${operation.path}`),
    element('p', {}, [operation.summary, operation.description].filter(Boolean).join(' ')),
    requestForm(api, operation.path, operation.method, operation),
    ...(body ? [element('h2', {}, 'Body'), element('pre', { id: 'body-type' }, typeText(api, body))] : []),
    element('h2', {}, 'Responses'),
    element('dl', { id: 'responses' }, ...responses(operation)),
  );
  history.replaceState(null, '', `#${operation.operationId}`);
}

function listed(operation) {
  const button = element(
    'button', { type: 'button', id: operation.operationId, title: operation.summary ?? '' },
    element('span', { className: 'method' }, operation.method), operation.path,
  );
  button.addEventListener('click', () => show(operation, button));
  return element('li', {}, button);
}

for (const { name } of api.tags) {
  nav.append(
    element('h2', {}, name),
    element('ol', {}, ...operations.filter((operation) => operation.tags.includes(name)).map(listed)),
  );
}
enableLogin(api);
(document.getElementById(location.hash.slice(1)) ?? nav.querySelector('button'))?.click();
